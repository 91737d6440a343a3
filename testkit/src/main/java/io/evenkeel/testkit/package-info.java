/**
 * What tests of a policy, a discovery or a registration need: a clock and chance that do as told,
 * and a channel without a network.
 *
 * <p>Start reading at {@link io.evenkeel.testkit.FakeHelper}.
 */
@NullMarked
package io.evenkeel.testkit;

import org.jspecify.annotations.NullMarked;
