/**
 * Keeps the calls of a key on one endpoint by a table in which all endpoints have equal parts.
 *
 * <p>Start reading at {@link io.evenkeel.policy.maglev.MaglevPolicyProvider}.
 */
@NullMarked
package io.evenkeel.policy.maglev;

import org.jspecify.annotations.NullMarked;
