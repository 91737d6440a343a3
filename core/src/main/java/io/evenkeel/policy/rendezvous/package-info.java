/**
 * Keeps the calls of a key on the endpoint that ranks highest for it.
 *
 * <p>Start reading at {@link io.evenkeel.policy.rendezvous.RendezvousPolicyProvider}.
 */
@NullMarked
package io.evenkeel.policy.rendezvous;

import org.jspecify.annotations.NullMarked;
