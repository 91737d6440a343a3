/**
 * What a user of Evenkeel names: the channel facade, endpoints and their attributes, and how to
 * look into a balancer.
 *
 * <p>Start reading at {@code Evenkeel}.
 */
@NullMarked
package io.evenkeel;

import org.jspecify.annotations.NullMarked;
