package io.evenkeel.outlier;

import io.evenkeel.outlier.EndpointRecord.Results;
import io.evenkeel.outlier.EndpointRecord.Stage;
import io.evenkeel.outlier.EndpointRecord.Verdict;
import io.evenkeel.outlier.OutlierConfig.FailurePercentage;
import io.evenkeel.outlier.OutlierConfig.LatencyFactor;
import io.evenkeel.outlier.OutlierConfig.SuccessRate;
import io.evenkeel.policy.PolicyTimer;
import io.grpc.Status;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Ejects endpoints that fail.
 *
 * <h2>Who is ejected</h2>
 *
 * An endpoint that fails a number of calls in a row, at once; and, at the end of each interval, one
 * whose success rate is below the others' by more than they differ and by more than chance, that
 * fails too large a part of its calls, or that is far slower than the others. Only failures that
 * are the endpoint's count: an answer that something is wrong with the call is a success, and a
 * call that was cancelled is none. None is ejected while as many are out as may be; one on
 * probation is still out, or else those that fail would by turns all be ejected.
 *
 * <p>A policy that avoids an endpoint after its first failure would keep it from failing so often,
 * and from clearing itself. So one that has begun a row and not ended it is suspected again and
 * again, in time for the row to be complete within an interval. Policies then try it once more.
 *
 * <h2>For how long</h2>
 *
 * For the base time, and longer by as much with each ejection that follows soon; each interval of
 * good conduct takes one off. The time varies at random by a few percent. Then the endpoint is on
 * probation: it gets one call at a time. {@value #PROBES} that succeed bring it back; the first
 * that fails ejects it again; without calls it stays as it is. It is not compared with others for
 * an interval after that.
 *
 * <p>Nothing outlives the record of an endpoint: one that is removed and added is new.
 * Synchronization context only.
 *
 * @see <a href="https://github.com/grpc/proposal/blob/master/A50-xds-outlier-detection.md">gRFC
 *     A50</a>
 */
public final class OutlierDetector implements AutoCloseable {
  static final int PROBES = 3;

  /**
   * A success rate so many standard errors below the mean is no accident. Without this bound one of
   * ten equal endpoints would be ejected every few intervals, as somebody is always the worst.
   */
  private static final double CHANCE = 6;

  /** How often an endpoint that has failed is suspected in the time in which its row may grow. */
  private static final int SUSPICIONS_PER_FAILURE = 2;

  /** Nobody is suspected sooner than so long after a failure. */
  private static final Duration MIN_SUSPICION = Duration.ofMillis(20);

  private final Surroundings surroundings;
  private final Clerk clerk = new Clerk();
  private final Set<EndpointRecord> records = new LinkedHashSet<>();
  private volatile OutlierConfig config;
  private @Nullable ScheduledHandle tick; // while there are records
  private int outOfUse; // ejected or on probation
  private boolean closed;

  /**
   * What the detector takes from outside.
   *
   * @param random chance
   * @param timer runs in the synchronization context
   * @param context enters the synchronization context
   */
  public record Surroundings(RandomGenerator random, PolicyTimer timer, Executor context) {}

  /** A detector without endpoints. */
  public OutlierDetector(OutlierConfig config, Surroundings surroundings) {
    this.config = config;
    this.surroundings = surroundings;
  }

  /** Watches another endpoint. */
  public EndpointRecord add(EjectionListener listener) {
    EndpointRecord record = new EndpointRecord(clerk, listener);
    records.add(record);
    if (tick == null && !closed) {
      scheduleTick();
    }
    return record;
  }

  /** Watches the endpoint no more; its listener hears nothing more. */
  public void remove(EndpointRecord record) {
    if (!records.remove(record)) {
      return;
    }
    if (record.verdict() != Verdict.SERVING) {
      outOfUse--;
    }
    record.term.close();
    if (records.isEmpty()) {
      cancel(tick);
      tick = null;
    }
  }

  /** Judges by {@code next} from now on. Who is out stays out for as long as was said. */
  public void reconfigure(OutlierConfig next) {
    boolean otherInterval = !next.interval().equals(config.interval());
    config = next;
    if (otherInterval && tick != null) {
      cancel(tick);
      scheduleTick();
    }
  }

  /** How many endpoints are ejected or on probation. */
  public int outOfUse() {
    return outOfUse;
  }

  /** Ends all timers. Listeners hear nothing more. Safe to call twice. */
  @Override
  public void close() {
    closed = true;
    cancel(tick);
    tick = null;
    records.forEach(record -> record.term.close());
    records.clear();
    outOfUse = 0;
  }

  private void judgeRow(EndpointRecord record) {
    record.beginJudgement();
    int row = record.inARow();
    // A success may have come in between.
    if (row >= config.consecutiveFailures() && isServing(record)) {
      eject(record, row + " failures in a row, the last " + record.lastFailure());
    }
  }

  private void suspectLater(EndpointRecord record) {
    if (isServing(record)) {
      record.term.suspicion =
          surroundings.timer().schedule(() -> suspect(record), suspicionNanos());
    }
  }

  private void suspect(EndpointRecord record) {
    record.term.suspicion = null;
    record.endSuspicion();
    int row = record.inARow();
    // Who has failed that often and may not be ejected is left to the policy, which avoids it.
    if (row > 0 && row < config.consecutiveFailures()) {
      record.listener.onSuspected();
    }
  }

  private long suspicionNanos() {
    long suspicions = (long) SUSPICIONS_PER_FAILURE * Math.max(1, config.consecutiveFailures());
    return Math.max(MIN_SUSPICION.toNanos(), config.interval().toNanos() / suspicions);
  }

  private void judgeProbe(EndpointRecord record, Stage begun, Status result) {
    if (!records.contains(record) || record.stage() != begun) {
      return;
    }
    if (!result.isOk()) {
      out(record, "failed again on probation: " + EndpointRecord.describe(result));
    } else if (++record.term.probesPassed == PROBES) {
      outOfUse--;
      record.term.grace = true;
      record.enter(Verdict.SERVING);
      record.listener.onRevived();
    } else {
      record.listener.onProbePassed();
    }
  }

  private boolean isServing(EndpointRecord record) {
    return records.contains(record) && record.verdict() == Verdict.SERVING;
  }

  private void scheduleTick() {
    tick = surroundings.timer().schedule(this::endInterval, config.interval().toNanos());
  }

  private void endInterval() {
    scheduleTick();
    List<Results> results = new ArrayList<>();
    for (EndpointRecord record : records) {
      Results taken = record.take();
      boolean judged = record.verdict() == Verdict.SERVING && !record.term.grace;
      record.term.grace = false;
      if (judged) {
        results.add(taken);
      }
    }
    config.successRate().ifPresent(rule -> compareSuccess(rule, results));
    config.failurePercentage().ifPresent(rule -> countFailures(rule, results));
    config.latency().ifPresent(rule -> compareLatency(rule, results));
    for (Results each : results) {
      EndpointRecord record = each.owner();
      if (record.verdict() == Verdict.SERVING && record.term.multiplier > 0) {
        record.term.multiplier--;
      }
    }
  }

  private void compareSuccess(SuccessRate rule, List<Results> all) {
    List<Results> enough =
        all.stream().filter(each -> isEnough(each.calls(), rule.requestVolume())).toList();
    if (enough.isEmpty() || enough.size() < rule.minimumHosts()) {
      return;
    }
    double mean = enough.stream().mapToDouble(Results::successRate).average().orElseThrow();
    double variance =
        enough.stream()
            .mapToDouble(each -> Math.pow(each.successRate() - mean, 2))
            .average()
            .orElseThrow();
    double deviations = Math.sqrt(variance) * rule.stdevFactor() / 1000;
    for (Results each : enough) {
      double chance = CHANCE * Math.sqrt(mean * (1 - mean) / each.calls());
      double required = mean - Math.max(deviations, chance);
      if (each.successRate() < required) {
        String reason =
            String.format(
                Locale.ROOT,
                "%s, which is %.1f %% good where %.1f %% are required of its peers",
                each.describe(),
                100 * each.successRate(),
                100 * required);
        ejectPerhaps(each, rule.enforcementPercent(), reason);
      }
    }
  }

  private void countFailures(FailurePercentage rule, List<Results> all) {
    List<Results> enough =
        all.stream().filter(each -> isEnough(each.calls(), rule.requestVolume())).toList();
    if (enough.size() < rule.minimumHosts()) {
      return;
    }
    for (Results each : enough) {
      if (100 * (1 - each.successRate()) > rule.threshold()) {
        String reason = each.describe() + ", more than " + rule.threshold() + " %";
        ejectPerhaps(each, rule.enforcementPercent(), reason);
      }
    }
  }

  private void compareLatency(LatencyFactor rule, List<Results> all) {
    List<Results> enough =
        all.stream().filter(each -> isEnough(each.timed(), rule.requestVolume())).toList();
    if (enough.isEmpty() || enough.size() < rule.minimumHosts()) {
      return;
    }
    double[] sorted = enough.stream().mapToDouble(Results::meanLatencyNanos).sorted().toArray();
    // The lower one of two: with two endpoints the slower must not raise the bar for itself.
    double median = sorted[(sorted.length - 1) / 2];
    for (Results each : enough) {
      if (each.meanLatencyNanos() > rule.factor() * median) {
        String reason =
            String.format(
                Locale.ROOT,
                "answers after %.1f ms on average where the median is %.1f ms",
                each.meanLatencyNanos() / 1e6,
                median / 1e6);
        ejectPerhaps(each, rule.enforcementPercent(), reason);
      }
    }
  }

  private static boolean isEnough(int calls, int requestVolume) {
    return calls >= Math.max(1, requestVolume);
  }

  private void ejectPerhaps(Results results, int enforcementPercent, String reason) {
    if (isServing(results.owner()) && surroundings.random().nextInt(100) < enforcementPercent) {
      eject(results.owner(), reason);
    }
  }

  private void eject(EndpointRecord record, String reason) {
    if (100L * outOfUse < (long) config.maxEjectionPercent() * records.size()) {
      outOfUse++;
      out(record, reason);
    }
  }

  private void out(EndpointRecord record, String reason) {
    if (record.term.multiplier < Integer.MAX_VALUE) {
      record.term.multiplier++;
    }
    record.term.probesPassed = 0;
    record.term.close();
    record.enter(Verdict.EJECTED);
    long nanos = ejectionNanos(record.term.multiplier);
    record.term.end = surroundings.timer().schedule(() -> tryAgain(record), nanos);
    record.listener.onEjected(
        new Ejection(reason, Duration.ofNanos(nanos), record.term.multiplier));
  }

  private void tryAgain(EndpointRecord record) {
    record.term.end = null;
    record.enter(Verdict.PROBATION);
    record.listener.onProbation();
  }

  private long ejectionNanos(int multiplier) {
    long base = config.baseEjectionTime().toNanos();
    long most = Math.max(base, config.maxEjectionTime().toNanos());
    long nanos = multiplier > most / base ? most : base * multiplier;
    double spread = config.jitterPercent() / 100.0;
    // Cutting off what is beyond the most would let half of them come back together.
    double middle = Math.min((double) nanos, most / (1 + spread));
    return (long) (middle * (1 + spread * (2 * surroundings.random().nextDouble() - 1)));
  }

  static void cancel(@Nullable ScheduledHandle timer) {
    if (timer != null) {
      timer.cancel();
    }
  }

  /** Hears of the ends of calls, and hands over what there is to judge. Any thread. */
  private final class Clerk implements EndpointRecord.Judge {
    @Override
    public boolean isFailure(Status status, boolean fromServer) {
      Status.Code code = status.getCode();
      // A server that answers UNKNOWN has an exception in its code for this one call.
      boolean ofCall = code == Status.Code.UNKNOWN && fromServer;
      return config.failureStatuses().contains(code) && !ofCall;
    }

    @Override
    public int tooMany() {
      return config.consecutiveFailures();
    }

    @Override
    public void onRow(EndpointRecord record) {
      surroundings.context().execute(() -> judgeRow(record));
    }

    @Override
    public void onSuspicion(EndpointRecord record) {
      surroundings.context().execute(() -> suspectLater(record));
    }

    @Override
    public void onProbe(EndpointRecord record, Stage begun, Status result) {
      surroundings.context().execute(() -> judgeProbe(record, begun, result));
    }
  }
}
