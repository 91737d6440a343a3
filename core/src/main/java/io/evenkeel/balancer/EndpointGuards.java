package io.evenkeel.balancer;

import io.evenkeel.load.CallClock;
import io.evenkeel.outlier.OutlierDetector;
import io.evenkeel.policy.PolicyContext;
import io.evenkeel.retry.RecentLatencies;
import io.evenkeel.retry.RetryBudget;
import io.grpc.LoadBalancer.Helper;
import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pieces around the policy that service config has asked for. An endpoint has a guard of its
 * own only while one of them has to see its attempts.
 *
 * <p>Synchronization context only, except where a method says otherwise.
 */
final class EndpointGuards {
  private final Helper helper;
  private final PolicyContext context;
  private final Listeners listeners;
  private final Supplier<Collection<EndpointConnection>> connections;
  private final RetryBudget budget;
  private final CallClock callClock;
  private final HedgeDelay hedgeDelay;
  private final Renewal renewal;
  private final QueueWatch queues;
  private volatile GuardConfig config = BalancerConfig.DEFAULT.guards();
  private @Nullable OutlierDetector outliers; // while configured

  EndpointGuards(
      Helper helper,
      PolicyContext context,
      Listeners listeners,
      Supplier<Collection<EndpointConnection>> connections) {
    this.helper = helper;
    this.context = context;
    this.listeners = listeners;
    this.connections = connections;
    this.callClock = new CallClock(context.nanoTime());
    this.renewal = new Renewal(context, connections);
    this.queues = new QueueWatch(helper, context, listeners, connections);
    this.hedgeDelay = new HedgeDelay(context);
    this.budget = new RetryBudget(config.retryBudget(), this::attempts, context.nanoTime());
  }

  /** Guards by {@code next} from now on; says whether that is new, so that pickers have to be. */
  boolean use(GuardConfig next) {
    if (next.equals(config)) {
      return false;
    }
    boolean otherConnections = !next.connections().equals(config.connections());
    config = next;
    renewal.use(next.connections().maxAge());
    queues.use(next.connections());
    if (otherConnections) {
      connections.get().forEach(each -> each.useConnections(next.connections()));
    }
    budget.reconfigure(next.retryBudget());
    hedgeDelay.use(next.hedging());
    useOutliers(next);
    connections.get().forEach(this::guard);
    return true;
  }

  /** Guards {@code connection}, which is new. */
  void add(EndpointConnection connection) {
    if (config.connections().counts()) {
      connection.useConnections(config.connections());
    }
    guard(connection);
  }

  /** Sets what {@code connection} may have in flight by all that has a say in it. */
  void limit(EndpointConnection connection) {
    EndpointGuard guard = connection.guard();
    if (guard == null) {
      connection.load().limit(Math.min(config.maxInFlight(), connection.room()));
    } else {
      guard.limit();
    }
  }

  /** Lets go of {@code connection}, which leaves. */
  void remove(EndpointConnection connection) {
    queues.remove(connection);
    EndpointGuard guard = connection.guard();
    if (guard != null && guard.record() != null && outliers != null) {
      outliers.remove(guard.record());
    }
  }

  void close() {
    renewal.close();
    queues.close();
    hedgeDelay.close();
    if (outliers != null) {
      outliers.close();
      outliers = null;
    }
  }

  Listeners listeners() {
    return listeners;
  }

  /** What retries and hedges may add. Any thread. */
  RetryBudget budget() {
    return budget;
  }

  /** When hedges may start. Any thread. */
  HedgeDelay hedgeDelay() {
    return hedgeDelay;
  }

  /** Looks for calls that wait in the transport. */
  QueueWatch queues() {
    return queues;
  }

  /** The balancer's clock. Any thread. */
  long nanoTime() {
    return context.nanoTime().getAsLong();
  }

  /** Whether the ends of attempts have to be looked at. */
  boolean observes() {
    return config.observes();
  }

  /** Whether an endpoint may ever have a limit of calls in flight. */
  boolean limits() {
    return config.limits();
  }

  /** What an endpoint may have in flight at most. Any thread. */
  int maxInFlight() {
    return config.maxInFlight();
  }

  /** By what attempts are timed; null when they need not be. Any thread. */
  @Nullable CallClock clock() {
    return config.times() ? callClock : null;
  }

  /** Where answers are counted; null when nobody wants to know. Any thread. */
  @Nullable RecentLatencies latencies() {
    return hedgeDelay.latencies();
  }

  private void useOutliers(GuardConfig next) {
    if (next.outlier().isEmpty()) {
      if (outliers != null) {
        outliers.close();
        outliers = null;
      }
    } else if (outliers == null) {
      outliers =
          new OutlierDetector(
              next.outlier().get(),
              new OutlierDetector.Surroundings(
                  context.random(), context.timer(), helper.getSynchronizationContext()));
    } else {
      outliers.reconfigure(next.outlier().get());
    }
  }

  /** Gives {@code connection} what protects it by now. */
  private void guard(EndpointConnection connection) {
    connection.load().retryOnlyLost(config.retriesOnlyLost());
    EndpointGuard guard = connection.guard();
    if (guard == null && !config.observes()) {
      limit(connection);
      return;
    }
    if (guard == null) {
      guard = new EndpointGuard(connection, this);
      connection.guardBy(guard);
    }
    guard.learnLimit(config.adaptiveLimit());
    if (outliers == null) {
      guard.judgeBy(null);
    } else if (guard.record() == null) {
      guard.judgeBy(outliers.add(guard));
    } else {
      guard.limit();
    }
    guard.observe();
  }

  private long attempts() {
    long attempts = 0;
    for (EndpointConnection connection : connections.get()) {
      attempts += connection.load().started();
    }
    return attempts;
  }
}
