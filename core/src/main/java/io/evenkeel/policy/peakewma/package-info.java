/**
 * Sends each call to the endpoint of two that is likely to answer first.
 *
 * <p>Start reading at {@link io.evenkeel.policy.peakewma.PeakEwmaPolicyProvider}.
 */
@NullMarked
package io.evenkeel.policy.peakewma;

import org.jspecify.annotations.NullMarked;
