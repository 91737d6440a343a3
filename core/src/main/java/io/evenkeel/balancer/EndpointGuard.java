package io.evenkeel.balancer;

import io.evenkeel.limit.AdaptiveLimit;
import io.evenkeel.limit.AdaptiveLimitConfig;
import io.evenkeel.load.AttemptObserver;
import io.evenkeel.load.CallClock;
import io.evenkeel.outlier.Ejection;
import io.evenkeel.outlier.EjectionListener;
import io.evenkeel.outlier.EndpointRecord;
import io.evenkeel.outlier.EndpointRecord.Stage;
import io.evenkeel.retry.RecentLatencies;
import io.grpc.Status;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the pieces around the policy know of one endpoint: it takes in how attempts end, and turns
 * verdicts into what the endpoint may get.
 *
 * <p>Attempts are observed on any thread; the rest is for the synchronization context.
 */
final class EndpointGuard implements EjectionListener {
  /** What an endpoint on probation may have in flight. */
  private static final int PROBES_AT_A_TIME = 1;

  private final EndpointConnection connection;
  private final EndpointGuards guards;
  private @Nullable EndpointRecord record; // while outliers are looked for
  private volatile @Nullable AdaptiveLimit adaptiveLimit; // while a limit is learnt
  private volatile int probationLimit; // 0 but on probation
  private @Nullable Status ejection;

  EndpointGuard(EndpointConnection connection, EndpointGuards guards) {
    this.connection = connection;
    this.guards = guards;
  }

  /** Writes down what becomes of attempts in {@code record} from now on; null for nowhere. */
  void judgeBy(@Nullable EndpointRecord record) {
    this.record = record;
    if (record == null) {
      probationLimit = 0;
      eject(null);
    }
    limit();
  }

  /** Why the endpoint is out of use though it is well; null when it is not. */
  @Nullable Status ejection() {
    return ejection;
  }

  @Nullable EndpointRecord record() {
    return record;
  }

  /** Learns by {@code config} from now on what the endpoint can bear. */
  void learnLimit(Optional<AdaptiveLimitConfig> config) {
    AdaptiveLimit learnt = adaptiveLimit;
    if (config.isEmpty()) {
      adaptiveLimit = null;
    } else if (learnt == null || !learnt.config().equals(config.get())) {
      adaptiveLimit = new AdaptiveLimit(config.get(), guards::nanoTime, this::limit);
    }
  }

  /** Sets what the endpoint may have in flight by all that has a say in it. Any thread. */
  synchronized void limit() {
    AdaptiveLimit learnt = adaptiveLimit;
    int most = Math.min(guards.maxInFlight(), connection.room());
    if (learnt != null) {
      most = Math.min(most, learnt.limit());
    }
    int onProbation = probationLimit;
    connection.load().limit(onProbation > 0 ? Math.min(most, onProbation) : most);
  }

  /** Hears of the attempts that begin from now on, as long as anybody wants to know. */
  void observe() {
    EndpointRecord judged = record;
    Stage stage = judged == null ? null : judged.stage();
    connection.load().observe(guards.observes() ? new Observer(stage) : null);
  }

  @Override
  public void onSuspected() {
    connection.load().forgiveFailures();
  }

  @Override
  public void onEjected(Ejection ejection) {
    probationLimit = 0;
    limit();
    observe();
    eject(Status.UNAVAILABLE.withDescription(ejection.toString()));
  }

  @Override
  public void onProbation() {
    // Streams from before the ejection may last for hours and say nothing of the endpoint now.
    probationLimit = connection.load().inFlight() + PROBES_AT_A_TIME;
    limit();
    observe();
    // A policy that holds its failures against it would give it no call to prove itself.
    connection.load().forgiveFailures();
    eject(null);
    guards.listeners().tell(listener -> listener.onProbation(connection.endpoint()));
  }

  @Override
  public void onProbePassed() {
    connection.load().forgetLatency();
  }

  @Override
  public void onRevived() {
    probationLimit = 0;
    limit();
    observe();
    guards.listeners().tell(listener -> listener.onRevived(connection.endpoint()));
  }

  private void eject(@Nullable Status reason) {
    ejection = reason;
    connection.onEjection();
  }

  /** Takes in how attempts end that began while the verdict on the endpoint was the same. */
  private final class Observer implements AttemptObserver {
    private final @Nullable Stage stage; // null while outliers are not looked for

    Observer(@Nullable Stage stage) {
      this.stage = stage;
    }

    @Override
    public @Nullable CallClock clock() {
      return guards.clock();
    }

    @Override
    public void onStart(boolean further) {}

    @Override
    public void onEnd(Status status, boolean fromServer, long latencyNanos, int inFlightAtStart) {
      if (stage != null) {
        stage.onEnd(status, fromServer, latencyNanos);
      }
      AdaptiveLimit learnt = adaptiveLimit;
      if (learnt != null && latencyNanos != NOT_MEASURED) {
        learn(learnt, status, latencyNanos, inFlightAtStart);
      }
      RecentLatencies latencies = guards.latencies();
      if (latencies != null && status.isOk() && latencyNanos != NOT_MEASURED) {
        latencies.add(latencyNanos);
      }
    }

    private static void learn(
        AdaptiveLimit limit, Status status, long latencyNanos, int inFlightAtStart) {
      switch (status.getCode()) {
        case RESOURCE_EXHAUSTED, DEADLINE_EXCEEDED, UNAVAILABLE ->
            limit.onEnd(inFlightAtStart, latencyNanos, true);
        case CANCELLED -> {} // how long the server would have taken nobody knows
        default -> limit.onEnd(inFlightAtStart, latencyNanos, false);
      }
    }
  }
}
