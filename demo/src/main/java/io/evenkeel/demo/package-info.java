/**
 * Four small services to try things with, and a header that makes them misbehave on request.
 *
 * <p>Start reading at {@link io.evenkeel.demo.DemoServices}; {@link io.evenkeel.demo.Behavior} has
 * the syntax of the header.
 */
@NullMarked
package io.evenkeel.demo;

import org.jspecify.annotations.NullMarked;
