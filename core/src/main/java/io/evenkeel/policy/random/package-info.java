/**
 * Sends each call to an endpoint drawn at random.
 *
 * <p>Start reading at {@link io.evenkeel.policy.random.RandomPolicyProvider}.
 */
@NullMarked
package io.evenkeel.policy.random;

import org.jspecify.annotations.NullMarked;
