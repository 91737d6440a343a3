/**
 * What a policy is: the choice among endpoints that are in rotation. Connections, health and
 * weights are the balancer's work.
 *
 * <p>Start reading at {@link io.evenkeel.policy.PolicyProvider}; {@code PolicyCatalog} in the
 * balancer answers which policies exist.
 */
@NullMarked
package io.evenkeel.policy;

import org.jspecify.annotations.NullMarked;
