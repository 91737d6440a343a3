/**
 * {@code evenkeel demo}: a cluster of real processes on this machine, and a tour that proves what
 * it promises.
 *
 * <p>Start reading at {@link io.evenkeel.cli.demo.DemoCommand}.
 */
@NullMarked
package io.evenkeel.cli.demo;

import org.jspecify.annotations.NullMarked;
