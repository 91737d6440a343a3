package io.evenkeel.balancer;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.EndpointSnapshot;
import io.evenkeel.EndpointState;
import io.evenkeel.testkit.FakeSubchannel;
import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ejection by the defaults, under every policy, at 500 calls a second in virtual time. */
final class EjectionTest {
  private static final int BAD = 1;
  private static final int ENDPOINTS = 5;
  private static final int CALLS_PER_SECOND = 500;
  private static final int SHARE = CALLS_PER_SECOND / ENDPOINTS;
  private static final int INTERVAL_SECONDS = 10;

  /** Thirty, a tenth more at most by chance, and as much as three calls on probation take. */
  private static final int EJECTION_SECONDS = 34;

  private static final Duration ANSWER = Duration.ofMillis(10);

  private final Random random = new Random(5);
  private final BalancerFixture fixture = new BalancerFixture(random);
  private IntFunction<Status> answers = port -> Status.OK;
  private Duration answerOfBad = ANSWER;

  static Stream<Map<String, ?>> policies() {
    return Stream.of(
        Map.of("round_robin", Map.of()),
        Map.of("weighted_round_robin", Map.of()),
        Map.of("random", Map.of()),
        Map.of("weighted_random", Map.of()),
        Map.of("least_request", Map.of()),
        Map.of("least_request", Map.of("choiceCount", 5.0)),
        Map.of("least_request", Map.of("fullScan", true)),
        Map.of("peak_ewma", Map.of()),
        Map.of("ring_hash", Map.of()),
        Map.of("maglev", Map.of()),
        Map.of("rendezvous", Map.of()));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void failsFast_isEjectedWithinAnIntervalAndNeverGetsMoreThanItsShare(Map<String, ?> policy) {
    connect(policy, Map.of());
    second();
    answers = port -> port == BAD ? Status.UNAVAILABLE : Status.OK;

    List<Integer> calls = secondsUntil(INTERVAL_SECONDS, EndpointState.EJECTED);

    assertThat(bad().state()).isEqualTo(EndpointState.EJECTED);
    assertThat(calls).allMatch(each -> each <= SHARE);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void heals_isBackWithinOneEjectionTime(Map<String, ?> policy) {
    connect(policy, Map.of());
    answers = port -> port == BAD ? Status.UNAVAILABLE : Status.OK;
    secondsUntil(INTERVAL_SECONDS, EndpointState.EJECTED);
    answers = port -> Status.OK;

    secondsUntil(EJECTION_SECONDS, EndpointState.READY);
    second();

    assertThat(second()).isGreaterThan(SHARE / 2);
  }

  /** Who avoids the slow would make it wait for minutes. */
  @ParameterizedTest
  @MethodSource("policies")
  void heals_slowly_isBackAfterThreeAnswers(Map<String, ?> policy) {
    connect(policy, Map.of());
    answers = port -> port == BAD ? Status.UNAVAILABLE : Status.OK;
    secondsUntil(INTERVAL_SECONDS, EndpointState.EJECTED);
    answers = port -> Status.OK;
    answerOfBad = Duration.ofSeconds(1);

    for (int i = 0; i < EJECTION_SECONDS + 3; i++) {
      second();
    }

    assertThat(fixture.events).contains("revived 127.0.0.1:" + BAD);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void failsOn_getsProbesOnly(Map<String, ?> policy) {
    connect(policy, Map.of());
    answers = port -> port == BAD ? Status.UNAVAILABLE : Status.OK;
    secondsUntil(INTERVAL_SECONDS, EndpointState.EJECTED);

    int probes = 0;
    for (int i = 0; i < 5 * EJECTION_SECONDS; i++) {
      probes += second();
    }

    // Ejections of 30, 60 and 90 s.
    assertThat(probes).isBetween(2, 3);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void mayNotBeEjected_getsNoMoreThanItsShare(Map<String, ?> policy) {
    connect(policy, Map.of("maxEjectionPercent", 0.0));
    answers = port -> port == BAD ? Status.UNAVAILABLE : Status.OK;

    List<Integer> calls = secondsUntil(2 * INTERVAL_SECONDS, EndpointState.EJECTED);

    // Chance gives an endpoint a few more where calls are drawn, and so may its part of a ring.
    assertThat(calls.stream().mapToInt(each -> each).sum())
        .isLessThanOrEqualTo(calls.size() * SHARE * 5 / 4);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void onePercentOfErrorsOnAll_ejectsNobodyInTenMinutes(Map<String, ?> policy) {
    connect(policy, Map.of("successRate", Map.of(), "failurePercentage", Map.of()));
    answers = port -> random.nextInt(100) == 0 ? Status.UNAVAILABLE : Status.OK;

    for (int i = 0; i < 600; i++) {
      second();
    }

    assertThat(fixture.events).noneMatch(event -> event.startsWith("lost"));
  }

  private void connect(Map<String, ?> policy, Map<String, ?> outlier) {
    fixture.config(Map.of("policy", policy, "outlier", outlier));
    fixture.accept(1, 2, 3, 4, 5);
    fixture.readyAll();
    fixture.passCoalescing();
  }

  /** How many calls the bad endpoint has got in each second, until it is {@code wanted}. */
  private List<Integer> secondsUntil(int most, EndpointState wanted) {
    List<Integer> calls = new ArrayList<>();
    while (calls.size() < most && bad().state() != wanted) {
      calls.add(second());
    }
    return calls;
  }

  /** A second of calls; answers how many of them the bad endpoint has got. */
  private int second() {
    int calls = 0;
    for (int i = 0; i < CALLS_PER_SECOND; i++) {
      calls += call() == BAD ? 1 : 0;
      fixture.helper.clock().advance(Duration.ofSeconds(1).dividedBy(CALLS_PER_SECOND));
    }
    return calls;
  }

  /** Failures come at once and answers take their time; says who has got the call. */
  private int call() {
    PickResult picked = fixture.helper.pick();
    int port = BalancerFixture.port((FakeSubchannel) picked.getSubchannel());
    ClientStreamTracer tracer =
        Objects.requireNonNull(picked.getStreamTracerFactory())
            .newClientStreamTracer(StreamInfo.newBuilder().build(), new Metadata());
    tracer.streamCreated(Attributes.EMPTY, new Metadata());
    Status status = answers.apply(port);
    if (status.isOk()) {
      fixture
          .helper
          .getSynchronizationContext()
          .schedule(
              () -> tracer.streamClosed(status),
              (port == BAD ? answerOfBad : ANSWER).toNanos(),
              NANOSECONDS,
              fixture.helper.clock());
    } else {
      tracer.streamClosed(status);
    }
    return port;
  }

  private EndpointSnapshot bad() {
    return fixture.snapshot().endpoints().stream()
        .filter(each -> each.endpoint().displayAddress().endsWith(":" + BAD))
        .findFirst()
        .orElseThrow();
  }
}
