/**
 * Bounds what retries and hedges add to the load, and says when a call is slow enough to be hedged.
 * Retrying itself is gRPC's work.
 *
 * <p>Start reading at {@link io.evenkeel.retry.RetryBudget}.
 */
@NullMarked
package io.evenkeel.retry;

import org.jspecify.annotations.NullMarked;
