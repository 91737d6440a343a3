/**
 * Sends each call to the less busy of a few endpoints drawn at random.
 *
 * <p>Start reading at {@link io.evenkeel.policy.leastrequest.LeastRequestPolicyProvider}.
 */
@NullMarked
package io.evenkeel.policy.leastrequest;

import org.jspecify.annotations.NullMarked;
