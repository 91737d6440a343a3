/**
 * How long to wait before something that failed is tried again.
 *
 * <p>Start reading at {@link io.evenkeel.backoff.Backoff}.
 */
@NullMarked
package io.evenkeel.backoff;

import org.jspecify.annotations.NullMarked;
