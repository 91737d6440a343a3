/**
 * How an endpoint that is new to the fleet comes by its full share of the calls.
 *
 * <p>Start reading at {@link io.evenkeel.slowstart.SlowStart}.
 */
@NullMarked
package io.evenkeel.slowstart;

import org.jspecify.annotations.NullMarked;
