package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.demo.order.GetOrderRequest;
import io.evenkeel.demo.order.OrderServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Backends die, hang and leave under load. */
class BackendLossTest {
  private static final int CALLS_PER_SECOND = 200;

  /** What the shell sees of a process that ends on SIGTERM, however orderly. */
  private static final int TERMINATED = 128 + 15;

  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** Calls take so long that more are lost at once than the retry budget has for a second. */
  @Test
  void kill_oneOfThreeUnderLoad_noCallFailsAndItsSuccessorIsFound() throws Exception {
    Map<String, String> slow = Map.of("BEHAVIOR", "sleep=1s");
    try (Cluster cluster = Cluster.ofOrders(slow, "a", "b", "c");
        Closing channel = new Closing(cluster.channel().build());
        OrderLoad load = OrderLoad.start(warm(channel), CALLS_PER_SECOND, DEADLINE)) {
      load.awaitServedBy("a").awaitServedBy("b").awaitServedBy("c");
      // A process that has just started takes long between the headers and the end of an answer.
      load.awaitCalls(CALLS_PER_SECOND);
      String before = Cluster.addressOf(cluster.instance("b"));

      cluster.instance("b").signal("KILL");
      load.awaitCalls(2 * CALLS_PER_SECOND).mark();
      cluster.start("b", slow);
      load.awaitServedBy("b").stop();

      assertThat(load.retriableFailures()).isEmpty();
      assertThat(Cluster.addressOf(cluster.instance("b"))).isNotEqualTo(before);
    }
  }

  @Test
  void stop_oneOfThreeHangs_mostCallsAreServedAndItRecovers() throws Exception {
    Duration shortDeadline = Duration.ofSeconds(1);
    try (Cluster cluster = Cluster.ofOrders("a", "b", "c");
        Closing channel = new Closing(cluster.channel().policy("least_request").build());
        OrderLoad load = OrderLoad.start(warm(channel), CALLS_PER_SECOND, shortDeadline)) {
      load.awaitServedBy("a").awaitServedBy("b").awaitServedBy("c");

      cluster.instance("c").signal("STOP");
      load.awaitCalls(CALLS_PER_SECOND / 4).mark();
      int failedBefore = load.failures().size();
      load.awaitCalls(3 * CALLS_PER_SECOND);
      int failed = load.failures().size() - failedBefore;
      cluster.instance("c").signal("CONT");
      load.mark().awaitServedBy("c").stop();

      assertThat(failed)
          .as("of %d calls", 3 * CALLS_PER_SECOND)
          .isLessThan(3 * CALLS_PER_SECOND * 4 / 10);
    }
  }

  @Test
  void kill_all_callsFailFastWithTheAddressesAndWorkAgainAfterTheReturn() throws Exception {
    try (Cluster cluster = Cluster.ofOrders("a", "b");
        Closing channel = new Closing(cluster.channel().build())) {
      warm(channel);
      List<String> addresses =
          Stream.of("a", "b").map(id -> Cluster.addressOf(cluster.instance(id))).toList();
      OrderServiceGrpc.OrderServiceBlockingStub orders =
          OrderServiceGrpc.newBlockingStub(channel.channel());

      cluster.instance("a").signal("KILL");
      cluster.instance("b").signal("KILL");
      Status failure = firstFailure(orders);
      cluster.start("a", Map.of());
      String servedBy =
          orders
              .withWaitForReady()
              .withDeadlineAfter(30, TimeUnit.SECONDS)
              .getOrder(GetOrderRequest.newBuilder().setId("2").build())
              .getServedBy();

      assertThat(failure.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(failure.getDescription()).contains(cluster.target()).contains(addresses);
      assertThat(servedBy).isEqualTo("a");
    }
  }

  @Test
  void terminate_eachInTurnUnderLoad_noCallFails() throws Exception {
    try (Cluster cluster = Cluster.ofOrders("a", "b", "c");
        // No retries: an orderly stop has to do without them.
        Closing channel = new Closing(Evenkeel.channel(cluster.target()).plaintext().build());
        OrderLoad load = OrderLoad.start(warm(channel), CALLS_PER_SECOND, DEADLINE)) {
      for (String id : List.of("a", "b", "c")) {
        load.mark().awaitServedBy(id);
        cluster.instance(id).signal("TERM");
        assertThat(cluster.instance(id).exitCode()).isEqualTo(TERMINATED);
        load.awaitCalls(CALLS_PER_SECOND / 2);
        cluster.start(id, Map.of());
        load.mark().awaitServedBy(id);
      }
      load.stop();

      assertThat(load.failures()).isEmpty();
    }
  }

  /**
   * The status of the first call that fails; with everyone dead it comes after the connections are
   * seen to be lost.
   */
  private static Status firstFailure(OrderServiceGrpc.OrderServiceBlockingStub orders) {
    for (int i = 0; i < 1_000; i++) {
      try {
        String unused =
            orders
                .withDeadlineAfter(1, TimeUnit.SECONDS)
                .getOrder(GetOrderRequest.newBuilder().setId("1").build())
                .getServedBy();
      } catch (StatusRuntimeException failed) {
        return failed.getStatus();
      }
    }
    throw new AssertionError("no call failed");
  }

  private static EvenkeelChannel warm(Closing channel) throws Exception {
    channel.channel().awaitReady(2, Duration.ofSeconds(20));
    return channel.channel();
  }

  /** Ends a channel at the end of a test. */
  private record Closing(EvenkeelChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      channel.shutdownNow();
    }
  }
}
