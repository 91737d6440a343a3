/**
 * Sends calls to endpoints in turn, heavier ones more often.
 *
 * <p>Start reading at {@link
 * io.evenkeel.policy.weightedroundrobin.WeightedRoundRobinPolicyProvider}.
 */
@NullMarked
package io.evenkeel.policy.weightedroundrobin;

import org.jspecify.annotations.NullMarked;
