package io.evenkeel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapCostTest {

  @Test
  void bytesPerEndpoint_garbageOfAnotherMeasurement_doesNotCount() {
    double weighted = HeapCost.bytesPerEndpoint(Subject.GRPC_WEIGHTED_ROUND_ROBIN, 100);

    double plain = HeapCost.bytesPerEndpoint(Subject.GRPC_ROUND_ROBIN, 100);

    // Each holds at least its subchannel's listener and a place in a list; the weighted one
    // statistics too.
    assertThat(plain).isGreaterThan(100);
    assertThat(weighted).isBetween(plain + 200, plain + 1_000);
  }
}
