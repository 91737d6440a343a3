/**
 * Sends each call to an endpoint drawn at random, heavier ones more often.
 *
 * <p>Start reading at {@link io.evenkeel.policy.weightedrandom.WeightedRandomPolicyProvider}.
 */
@NullMarked
package io.evenkeel.policy.weightedrandom;

import org.jspecify.annotations.NullMarked;
