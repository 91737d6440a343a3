/**
 * How many calls an endpoint can have in flight before they only wait for each other, learnt from
 * how long they take.
 *
 * <p>Start reading at {@link io.evenkeel.limit.AdaptiveLimit}.
 */
@NullMarked
package io.evenkeel.limit;

import org.jspecify.annotations.NullMarked;
