/**
 * Keeps the calls of a key on one endpoint by a ring of points.
 *
 * <p>Start reading at {@link io.evenkeel.policy.ringhash.RingHashPolicyProvider}.
 */
@NullMarked
package io.evenkeel.policy.ringhash;

import org.jspecify.annotations.NullMarked;
