package io.evenkeel.outlier;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.testkit.FakeHelper;
import io.grpc.Status;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** A detector in virtual time, and endpoints that do as they are told. */
abstract class OutlierFixture {
  static final Status REFUSED = Status.UNAVAILABLE.withDescription("refused");
  static final Map<String, Object> ALL_RULES =
      Map.of(
          "successRate", Map.of(),
          "failurePercentage", Map.of(),
          "latency", Map.of(),
          "maxEjectionPercent", 50,
          "jitterPercent", 0);

  final FakeHelper helper = new FakeHelper();
  final Random random = new Random(11);
  final List<Watched> endpoints = new ArrayList<>();
  OutlierDetector detector = detector(Map.of("jitterPercent", 0));

  final OutlierDetector detector(Map<String, Object> outlier) {
    return detector(outlier, random, helper.getSynchronizationContext());
  }

  final OutlierDetector detector(
      Map<String, Object> outlier, RandomGenerator random, Executor context) {
    return new OutlierDetector(
        config(outlier), new OutlierDetector.Surroundings(random, this::schedule, context));
  }

  private ScheduledHandle schedule(Runnable task, long nanos) {
    return helper
        .getSynchronizationContext()
        .schedule(task, nanos, NANOSECONDS, helper.getScheduledExecutorService());
  }

  static OutlierConfig config(Map<String, Object> outlier) {
    Map<String, Object> json = new HashMap<>(Map.of("jitterPercent", 0));
    json.putAll(outlier);
    return OutlierConfig.parse(new ConfigReader("evenkeel", Map.of("outlier", json))).orElseThrow();
  }

  final void watch(int size) {
    for (int i = 0; i < size; i++) {
      endpoints.add(new Watched());
    }
  }

  final void pass(Duration time) {
    helper.clock().advance(time);
  }

  final class Watched implements EjectionListener {
    final List<String> heard = new ArrayList<>();
    final EndpointRecord record = detector.add(this);
    Duration duration = Duration.ZERO;
    Runnable whenEjected = () -> {};
    int suspicions;
    int probesPassed;

    /** Whether it is ejected, or on probation. */
    boolean isOut() {
      return !heard.isEmpty() && !heard.get(heard.size() - 1).equals("revived");
    }

    boolean isEjected() {
      return isOut() && !heard.get(heard.size() - 1).equals("probation");
    }

    void fail(int calls) {
      for (int i = 0; i < calls; i++) {
        record.stage().onEnd(REFUSED, true, 1_000_000);
      }
    }

    void succeed(int calls) {
      answer(calls, Duration.ofMillis(10));
    }

    void answer(int calls, Duration latency) {
      for (int i = 0; i < calls; i++) {
        record.stage().onEnd(Status.OK, true, latency.toNanos());
      }
    }

    /** A failure, then {@code successes}, so that no row forms. */
    void mix(int successes) {
      fail(1);
      succeed(successes);
    }

    @Override
    public void onSuspected() {
      suspicions++;
    }

    @Override
    public void onEjected(Ejection ejection) {
      duration = ejection.duration();
      heard.add(ejection.toString());
      whenEjected.run();
    }

    @Override
    public void onProbation() {
      heard.add("probation");
    }

    @Override
    public void onProbePassed() {
      probesPassed++;
    }

    @Override
    public void onRevived() {
      heard.add("revived");
    }
  }
}
