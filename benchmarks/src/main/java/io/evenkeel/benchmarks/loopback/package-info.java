/**
 * Measures whole calls over the loopback interface: through Evenkeel, through grpc-java's own
 * balancer and through proxies.
 *
 * <p>Start reading at {@link io.evenkeel.benchmarks.loopback.Loopback}.
 */
@NullMarked
package io.evenkeel.benchmarks.loopback;

import org.jspecify.annotations.NullMarked;
