package io.evenkeel.benchmarks;

import static io.evenkeel.benchmarks.Subject.EVENKEEL_LEAST_REQUEST;
import static io.evenkeel.benchmarks.Subject.EVENKEEL_RANDOM;
import static io.evenkeel.benchmarks.Subject.EVENKEEL_ROUND_ROBIN;
import static io.evenkeel.benchmarks.Subject.EVENKEEL_ROUND_ROBIN_GUARDED;
import static io.evenkeel.benchmarks.Subject.GRPC_LEAST_REQUEST;
import static io.evenkeel.benchmarks.Subject.GRPC_ROUND_ROBIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.benchmarks.PickRow.Figures;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PickGoalsTest {

  @Test
  void judge_oneThread_isToBeNoSlowerThanThePeer() {
    PickRow row = row(EVENKEEL_ROUND_ROBIN, 9, GRPC_ROUND_ROBIN, 10);

    assertThat(PickGoals.judge(1, row)).isEqualTo("ratio ≤ 1: met; B ≤ 0: met");
  }

  @Test
  void judge_twoThreadsWithSharedCounter_isToTakeHalfOfThePeersTime() {
    PickRow row = row(EVENKEEL_ROUND_ROBIN, 9, GRPC_ROUND_ROBIN, 10);

    assertThat(PickGoals.judge(2, row)).startsWith("ratio ≤ 0.50: missed by 80.0 %");
  }

  @Test
  void judge_twoThreadsWithoutSharedCounter_isToBeNoSlowerThanThePeer() {
    PickRow row = row(EVENKEEL_LEAST_REQUEST, 9, GRPC_LEAST_REQUEST, 10);

    assertThat(PickGoals.judge(2, row)).startsWith("ratio ≤ 1: met");
  }

  @Test
  void judge_guardedBesideItself_mayTakeHalfMore() {
    PickRow row = row(EVENKEEL_ROUND_ROBIN_GUARDED, 14, EVENKEEL_ROUND_ROBIN, 10);

    assertThat(PickGoals.judge(1, row)).startsWith("ratio ≤ 1.50: met");
  }

  @Test
  void judge_withoutPeer_isToBeFastByItself() {
    PickRow row = row(EVENKEEL_RANDOM, 66, null, Double.NaN);

    assertThat(PickGoals.judge(1, row)).startsWith("ns ≤ 60: missed by 10.0 %");
  }

  private static PickRow row(Subject ours, double nanos, @Nullable Subject peer, double peerNanos) {
    return new PickRow(ours, new Figures(nanos, 0.0004), peer, new Figures(peerNanos, 56));
  }
}
