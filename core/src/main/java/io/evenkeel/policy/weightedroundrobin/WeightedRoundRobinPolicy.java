package io.evenkeel.policy.weightedroundrobin;

import io.evenkeel.load.ReportRules;
import io.evenkeel.load.ReportedLoad;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.PolicyContext;
import io.evenkeel.policy.Rotation;
import io.evenkeel.policy.Sequence;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the position in the sequence, and weighs endpoints anew when their reports say so.
 *
 * <p>A timer runs only while a report waits to be counted, or while there is a weight that time
 * will bring in or out of use.
 */
final class WeightedRoundRobinPolicy implements Policy {
  private final PolicyContext context;
  private final ReportSettings settings;
  private final ReportRules rules;
  private final Sequence sequence;

  private List<ReportedLoad> reports = List.of(); // of the rotation; sync context only
  private double @Nullable [] weights; // what the picker has; sync context only
  private @Nullable Rotation rotation; // sync context only
  private @Nullable WeightedRoundRobinPicker picker; // sync context only

  private @Nullable ScheduledHandle update; // under the lock
  private long updateAtNanos; // under the lock
  private boolean closed; // under the lock

  /**
   * Starts anywhere, so that many clients that start together do not all begin at the same
   * endpoint.
   */
  WeightedRoundRobinPolicy(PolicyContext context, ReportSettings settings) {
    this.context = context;
    this.settings = settings;
    this.sequence = new Sequence(context.random().nextInt(Integer.MAX_VALUE), context.nanoTime());
    this.rules =
        new ReportRules(
            context.nanoTime(),
            settings.errorPenalty(),
            settings.blackout().toNanos(),
            settings.expiration().toNanos(),
            settings.source() == ReportSettings.Source.STREAM
                ? ReportRules.Source.STREAM
                : ReportRules.Source.TRAILERS,
            () -> updateWithin(settings.update().toNanos()));
  }

  @Override
  public boolean heedsWeights() {
    return true;
  }

  @Override
  public Picker newPicker(Rotation rotation) {
    this.rotation = rotation;
    reports =
        settings.source() == ReportSettings.Source.NONE
            ? List.of()
            : Arrays.stream(rotation.loads()).map(load -> load.takeReports(rules)).toList();
    long now = context.nanoTime().getAsLong();
    weights = Weights.of(rotation, reports, now);
    WeightedRoundRobinPicker made = new WeightedRoundRobinPicker(rotation, sequence, weights);
    picker = made;
    updateWhenWeightsChange(now);
    return made;
  }

  @Override
  public Duration loadReportInterval() {
    return settings.source() == ReportSettings.Source.STREAM
        ? settings.streamInterval()
        : Duration.ZERO;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (update != null) {
      update.cancel();
      update = null;
    }
  }

  /** Weighs all endpoints again before {@code delayNanos} are over. Any thread. */
  private synchronized void updateWithin(long delayNanos) {
    long atNanos = context.nanoTime().getAsLong() + delayNanos;
    if (closed || (update != null && updateAtNanos - atNanos <= 0)) {
      return;
    }
    if (update != null) {
      update.cancel();
    }
    update = context.timer().schedule(this::onTimer, delayNanos);
    updateAtNanos = atNanos;
  }

  private void onTimer() {
    synchronized (this) {
      update = null;
    }
    weigh();
  }

  private void weigh() {
    if (picker == null || rotation == null) {
      return;
    }
    long now = context.nanoTime().getAsLong();
    double @Nullable [] next = Weights.of(rotation, reports, now);
    if (!Arrays.equals(next, weights)) {
      weights = next;
      picker.setWeights(next);
    }
    updateWhenWeightsChange(now);
  }

  /** Time alone brings a weight in or out of use. */
  private void updateWhenWeightsChange(long now) {
    long changesIn = Long.MAX_VALUE;
    for (ReportedLoad report : reports) {
      changesIn = Math.min(changesIn, report.changesInNanos(now));
    }
    if (changesIn < Long.MAX_VALUE) {
      updateWithin(Math.max(changesIn, settings.update().toNanos()));
    }
  }
}
