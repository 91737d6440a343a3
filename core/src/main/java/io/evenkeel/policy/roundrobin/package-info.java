/**
 * Sends calls to one endpoint after the other.
 *
 * <p>Start reading at {@link io.evenkeel.policy.roundrobin.RoundRobinPolicyProvider}.
 */
@NullMarked
package io.evenkeel.policy.roundrobin;

import org.jspecify.annotations.NullMarked;
