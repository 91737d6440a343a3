package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.evenkeel.BalancerSnapshot;
import io.evenkeel.BalancerState;
import io.evenkeel.BalancerView;
import io.evenkeel.EndpointSnapshot;
import io.evenkeel.EndpointState;
import io.evenkeel.Evenkeel;
import io.evenkeel.Occurrence;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Metadata;
import io.grpc.Status;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BalancerSnapshotTest {

  @Test
  void snapshot_beforeAnyList_isEmpty() {
    BalancerSnapshot snapshot = new BalancerFixture().snapshot();

    assertThat(snapshot.endpoints()).isEmpty();
    assertThat(snapshot.policy()).isEmpty();
    assertThat(snapshot.discovery().lastList()).isEmpty();
    assertThat(snapshot.target()).isEqualTo("fake:///service");
  }

  @Test
  void snapshot_everyState_isShownWithReasonAndAge() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1, 2, 3);
    fixture.helper.clock().advance(Duration.ofSeconds(1));
    fixture.subchannel(1).ready();
    fixture.subchannel(2).fail(BalancerFixture.refused());
    fixture.helper.clock().advance(Duration.ofSeconds(2));

    List<EndpointSnapshot> endpoints = fixture.snapshot().endpoints();

    assertThat(endpoints)
        .extracting(EndpointSnapshot::state)
        .containsExactly(EndpointState.READY, EndpointState.FAILED, EndpointState.CONNECTING);
    assertThat(endpoints)
        .extracting(EndpointSnapshot::reason)
        .containsExactly("", "io exception (refused)", "");
    assertThat(endpoints)
        .extracting(EndpointSnapshot::age)
        .containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(3));
    assertThat(endpoints.get(0).since()).isEqualTo(BalancerFixture.START.plusSeconds(1));
    assertThat(fixture.snapshot().totals())
        .isEqualTo(new BalancerState(1, 1, 0, 0, 1, "127.0.0.1:2: io exception (refused)"));
  }

  @Test
  void snapshot_failedAgain_keepsWhenItFirstFailed() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1);
    fixture.subchannel(1).fail(Status.UNAVAILABLE.withDescription("refused"));
    fixture.helper.clock().advance(Duration.ofSeconds(5));

    fixture.subchannel(1).fail(Status.UNAVAILABLE.withDescription("unreachable"));

    EndpointSnapshot endpoint = fixture.snapshot().endpoints().get(0);
    assertThat(endpoint.age()).isEqualTo(Duration.ofSeconds(5));
    assertThat(endpoint.reason()).isEqualTo("unreachable");
    assertThat(endpoint.connectFailures()).isEqualTo(2);
  }

  @Test
  void snapshot_readyAfterAFailure_remembersTheFailure() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1);
    fixture.subchannel(1).fail(Status.UNAVAILABLE.withDescription("refused"));
    fixture.helper.clock().advance(Duration.ofSeconds(5));

    fixture.subchannel(1).ready();

    EndpointSnapshot endpoint = fixture.snapshot().endpoints().get(0);
    assertThat(endpoint.reason()).isEmpty();
    assertThat(endpoint.connectFailures()).isZero();
    assertThat(endpoint.lastConnectFailure())
        .contains(new Occurrence("refused", BalancerFixture.START, Duration.ofSeconds(5)));
  }

  @Test
  void snapshot_weights_areThoseOfTheRotation() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(
        BalancerFixture.group(1, 5), BalancerFixture.group(2, 0), BalancerFixture.group(3, 2));
    fixture.subchannel(1).ready();
    fixture.subchannel(2).ready();
    fixture.passCoalescing();

    assertThat(fixture.snapshot().endpoints())
        .extracting(EndpointSnapshot::effectiveWeight)
        .containsExactly(5.0, 0.0, 0.0);
  }

  @Test
  void snapshot_startedCalls_areCountedWithTheirShare() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2, 3, 4);
    for (int call = 0; call < 6; call++) {
      ClientStreamTracer unused = startCall(fixture);
    }

    List<EndpointSnapshot> endpoints = fixture.snapshot().endpoints();

    assertThat(endpoints).extracting(EndpointSnapshot::picks).containsExactly(2L, 2L, 1L, 1L);
    assertThat(endpoints).extracting(EndpointSnapshot::inFlight).containsExactly(2, 2, 1, 1);
    assertThat(endpoints.get(0).share()).isEqualTo(2.0 / 6);
  }

  @Test
  void snapshot_policyThatMeasures_showsLatencyFailuresAndTheOldestCall() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.config(Map.of("policy", Map.of("peak_ewma", Map.of())));
    fixture.accept(1);
    fixture.subchannel(1).ready();
    ClientStreamTracer answered = startCall(fixture);
    ClientStreamTracer failed = startCall(fixture);
    fixture.helper.clock().advance(Duration.ofMillis(7));
    answered.inboundMessage(0);
    failed.streamCreated(Attributes.EMPTY, new Metadata());
    failed.streamClosed(Status.DEADLINE_EXCEEDED);

    EndpointSnapshot endpoint = fixture.snapshot().endpoints().get(0);

    assertThat(endpoint.latency()).contains(Duration.ofMillis(7));
    assertThat(endpoint.failures()).isEqualTo(1);
    assertThat(endpoint.inFlight()).isEqualTo(1);
  }

  @Test
  void snapshot_policyThatDoesNotMeasure_hasNoLatency() {
    BalancerFixture fixture = BalancerFixture.readyOn(1);
    startCall(fixture).inboundMessage(0);

    assertThat(fixture.snapshot().endpoints().get(0).latency()).isEmpty();
  }

  @Test
  void snapshot_lists_areRemembered() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1, 2, 2);
    fixture.helper.clock().advance(Duration.ofSeconds(1));
    fixture.accept(List.of());
    fixture.discoveryFails(Status.UNAVAILABLE.withDescription("registry is down"));
    fixture.helper.clock().advance(Duration.ofSeconds(1));

    var discovery = fixture.snapshot().discovery();

    Occurrence list = discovery.lastList().orElseThrow();
    assertThat(list.what()).startsWith("2 endpoints (1 skipped; left out: 127.0.0.1:2");
    assertThat(list.age()).isEqualTo(Duration.ofSeconds(2));
    assertThat(discovery.skipped()).isEqualTo(1);
    assertThat(discovery.refusedLists()).isEqualTo(1);
    assertThat(discovery.lastRefusal().orElseThrow().what())
        .isEqualTo("discovery brought no usable endpoint");
    assertThat(discovery.errors()).isEqualTo(1);
    assertThat(discovery.lastError().orElseThrow().what()).isEqualTo("registry is down");
  }

  @Test
  void snapshot_policyAndFaults_areShown() {
    TestPolicy broken = TestPolicy.register("snapshot_broken");
    broken.breakEveryPick();
    BalancerFixture fixture = new BalancerFixture().config(broken.config());
    fixture.accept(1);
    fixture.subchannel(1).ready();

    fixture.pick();

    assertThat(fixture.snapshot().policy()).isEqualTo("snapshot_broken");
    assertThat(fixture.snapshot().policyFaults()).isEqualTo(4);
    assertThat(fixture.snapshot().lastPolicyFault())
        .contains("java.lang.IllegalStateException: broken");
    broken.forget();
  }

  @Test
  void snapshot_settings_areThoseOfTheConfig() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.config(Map.of("policy", Map.of("least_request", Map.of("choiceCount", 3.0))));
    fixture.accept(1);

    assertThat(fixture.snapshot().policySettings()).isEqualTo(Map.of("choiceCount", 3.0));
  }

  @Test
  void snapshot_someWaitToConnect_saysHowMany() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.config(Map.of("connect", Map.of("maxConcurrent", 2)));
    fixture.accept(IntStream.rangeClosed(1, 10).toArray());

    assertThat(fixture.snapshot().waitingToConnect()).isEqualTo(8);
  }

  @Test
  void snapshot_whileTheContextIsBusy_isTakenAtOnce() throws Exception {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2);
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      other.execute(() -> fixture.helper.run(() -> block(busy, release)));
      assertThat(busy.await(5, TimeUnit.SECONDS)).isTrue();

      assertThat(fixture.snapshot().totals().ready()).isEqualTo(2);
    } finally {
      release.countDown();
      other.shutdown();
      assertThat(other.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void snapshot_whileEverythingChanges_isWholeEachTime() throws Exception {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2, 3);
    BalancerView live = fixture.live.get(0);
    CountDownLatch done = new CountDownLatch(1);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> reader = other.submit(() -> readUntil(done, live));
      for (int round = 0; round < 2_000; round++) {
        fixture.accept(round % 2 == 0 ? new int[] {1, 2, 3, 4} : new int[] {3, 1});
        fixture.subchannel(1).idle();
        fixture.subchannel(1).ready();
        fixture.subchannel(3).fail(Status.UNAVAILABLE);
        fixture.subchannel(3).ready();
        fixture.passCoalescing();
      }
      done.countDown();

      assertThat(reader.get(20, TimeUnit.SECONDS)).isPositive();
    } finally {
      done.countDown();
      other.shutdown();
      assertThat(other.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Looks at pictures until told not to, and answers how many there were. */
  private static int readUntil(CountDownLatch done, BalancerView live) {
    int pictures = 0;
    while (done.getCount() > 0 || pictures == 0) {
      BalancerSnapshot snapshot = live.snapshot();
      assertThat(snapshot.totals().total()).isEqualTo(snapshot.endpoints().size());
      assertThat(snapshot.endpoints())
          .allMatch(each -> each.state() == EndpointState.READY || each.effectiveWeight() == 0);
      pictures++;
    }
    return pictures;
  }

  @Test
  void toString_twoEndpoints_isATable() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1, 2);
    fixture.subchannel(1).ready();
    fixture.subchannel(2).fail(Status.UNAVAILABLE.withDescription("refused"));
    fixture.passCoalescing();

    assertThat(fixture.snapshot().toString().lines())
        .containsExactly(
            "target \"fake:///service\": 2 endpoints (1 ready, 1 failed): 127.0.0.1:2: refused",
            "policy: round_robin",
            "discovery: 2 endpoints, 5 ms ago",
            "ENDPOINT     ADDRESS      STATE   FOR   WEIGHT  IN FLIGHT  PICKS  SHARE  FAILURES"
                + "  LATENCY  WHY",
            "127.0.0.1:1  127.0.0.1:1  READY   5 ms  1.000   0          0      0.0 %  0         -",
            "127.0.0.1:2  127.0.0.1:2  FAILED  5 ms  0.000   0          0      0.0 %  0         -"
                + "        refused");
  }

  @Test
  void toString_manyEndpoints_isCutAndSaysSo() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(IntStream.rangeClosed(1, 250).toArray());

    assertThat(fixture.snapshot().toString()).endsWith("… and 150 more");
    assertThat(fixture.snapshot().toString().lines()).hasSize(3 + 1 + 1 + 100 + 1);
  }

  @Test
  void toJson_always_isOneLineWithEveryEndpoint() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2);

    String text = fixture.snapshot().toJson();

    JsonObject json = JsonParser.parseString(text).getAsJsonObject();
    JsonObject first = json.getAsJsonArray("endpoints").get(0).getAsJsonObject();
    assertThat(text).doesNotContain("\n");
    assertThat(json.get("policy").getAsString()).isEqualTo("round_robin");
    assertThat(json.getAsJsonObject("totals").get("ready").getAsInt()).isEqualTo(2);
    assertThat(first.get("address").getAsString()).isEqualTo("127.0.0.1:1");
    assertThat(first.get("state").getAsString()).isEqualTo("READY");
    assertThat(first.get("since").getAsString()).isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  void balancers_untilShutdown_listThisOne() {
    BalancerFixture fixture = BalancerFixture.readyOn(1);
    BalancerView live = fixture.live.get(0);
    assertThat(Evenkeel.balancers()).contains(live);

    fixture.shutdown();

    assertThat(Evenkeel.balancers()).doesNotContain(live);
  }

  @Test
  void balancers_forgottenWithoutShutdown_areNotKeptAlive() {
    WeakReference<BalancerView> forgotten =
        new WeakReference<>(BalancerFixture.readyOn(1).live.get(0));

    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (forgotten.get() != null && System.nanoTime() < deadlineNanos) {
      System.gc();
    }

    assertThat(forgotten.get()).isNull();
  }

  @Test
  void snapshot_afterShutdown_isEmpty() {
    BalancerFixture fixture = BalancerFixture.readyOn(1);
    BalancerView live = fixture.live.get(0);

    fixture.shutdown();

    assertThat(live.snapshot().endpoints()).isEmpty();
  }

  private static ClientStreamTracer startCall(BalancerFixture fixture) {
    PickResult result = fixture.helper.pick();
    return Objects.requireNonNull(result.getStreamTracerFactory())
        .newClientStreamTracer(
            ClientStreamTracer.StreamInfo.newBuilder().setCallOptions(CallOptions.DEFAULT).build(),
            new Metadata());
  }

  private static void block(CountDownLatch busy, CountDownLatch release) {
    busy.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
