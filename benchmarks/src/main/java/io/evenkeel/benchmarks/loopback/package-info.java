/**
 * Measures whole calls over the loopback interface: through Evenkeel, through grpc-java's own
 * balancer and through proxies.
 *
 * <p>Start reading at {@link io.evenkeel.benchmarks.loopback.Loopback}, or at {@link
 * io.evenkeel.benchmarks.loopback.ColdClient} for a channel that has just been made.
 */
@NullMarked
package io.evenkeel.benchmarks.loopback;

import org.jspecify.annotations.NullMarked;
