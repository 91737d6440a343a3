package io.evenkeel.cli.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static final long MILLI = 1_000_000;

  private final Summary summary = new Summary();

  @Test
  void exitCode_noFailure_isZero() {
    add(Status.OK, "one", 1);

    assertThat(summary.exitCode()).isZero();
  }

  @Test
  void exitCode_severalStatuses_isTheMostFrequent() {
    add(Status.OK, "one", 1);
    add(Status.NOT_FOUND, "", 1);
    add(Status.UNAVAILABLE, "", 1);
    add(Status.UNAVAILABLE, "", 1);

    assertThat(summary.exitCode()).isEqualTo(64 + 14);
  }

  @Test
  void toJson_failedCall_countsForNoServer() {
    add(Status.OK, "one", 1);
    add(Status.UNAVAILABLE, "one", 1);

    assertThat(summary.toJson())
        .containsEntry("calls", 2L)
        .containsEntry("failed", 1L)
        .containsEntry("by", Map.of("one", 1L));
  }

  @Test
  void toJson_latencies_includeFailedCalls() {
    add(Status.OK, "one", 1);
    add(Status.DEADLINE_EXCEEDED, "", 900);

    Map<?, ?> latency = (Map<?, ?>) summary.toJson().get("latency_ms");
    assertThat((Double) latency.get("max")).isBetween(899.0, 901.0);
  }

  @Test
  void toText_failure_showsItsLastMessage() {
    add(Status.UNAVAILABLE.withDescription("gone"), "", 1);

    assertThat(summary.toText()).contains("1 failed").contains("last UNAVAILABLE: gone");
  }

  private void add(Status status, String servedBy, long millis) {
    summary.add(new Outcome(status, new Metadata(), servedBy, millis * MILLI));
  }
}
