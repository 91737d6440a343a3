/**
 * What the policies that hash have in common: where the key of a call is found, what endpoints are
 * called on the ring or in the table, bounded load and sessions.
 *
 * <p>Start reading at {@link io.evenkeel.policy.hash.HashPolicy}.
 */
@NullMarked
package io.evenkeel.policy.hash;

import org.jspecify.annotations.NullMarked;
