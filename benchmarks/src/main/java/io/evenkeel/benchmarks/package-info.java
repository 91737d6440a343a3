/**
 * Measures Evenkeel's policies and those of grpc-java by the same code in the same run, without a
 * network.
 *
 * <p>Start reading at {@link io.evenkeel.benchmarks.Benchmarks}.
 */
@NullMarked
package io.evenkeel.benchmarks;

import org.jspecify.annotations.NullMarked;
