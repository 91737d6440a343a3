package io.evenkeel.balancer;

import io.evenkeel.backoff.Backoff;
import io.evenkeel.policy.PolicyContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * When endpoints that could not be connected are tried again.
 *
 * <p>The waits grow from failure to failure, as gRPC's do, but to a shorter bound, and end early
 * when there is news: the registry says that the endpoint is new, or the first endpoint is back
 * after all were lost. Then too they come back one after the other, spread over {@link #SPREAD}.
 *
 * <p>One timer for all. Each method takes logarithmic time, {@link #hurry} for each that waits.
 * Synchronization context only.
 */
final class ReconnectSchedule {
  /** Over this the clients of a service that is back come back, each with its endpoints. */
  static final Duration SPREAD = Duration.ofSeconds(1);

  private static final Comparator<Turn> BY_TIME =
      Comparator.comparingLong(Turn::dueNanos).thenComparingLong(Turn::number);

  private final PolicyContext context;
  private final Consumer<EndpointConnection> retry;
  private final TreeSet<Turn> turns = new TreeSet<>(BY_TIME);
  private final Map<EndpointConnection, Turn> waiting = new HashMap<>();
  private final long startNanos;
  private Duration longest = BalancerConfig.DEFAULT_MAX_BACKOFF;
  private long numbers;
  private @Nullable ScheduledHandle timer;
  private long timerNanos; // when the timer is due

  /** When whose turn is; times count from the start of the schedule, as a clock may wrap. */
  private record Turn(long dueNanos, long number, EndpointConnection connection) {}

  ReconnectSchedule(PolicyContext context, Consumer<EndpointConnection> retry) {
    this.context = context;
    this.retry = retry;
    this.startNanos = context.nanoTime().getAsLong();
  }

  /** No wait that begins from now on is longer than {@code longest}, give or take its jitter. */
  void longest(Duration longest) {
    this.longest = longest;
  }

  /** {@code connection} has failed for the {@code inARow}-th time in a row. */
  void failed(EndpointConnection connection, int inARow) {
    long wait = Backoff.waitNanos(inARow, longest, context.random()::nextDouble);
    put(connection, now() + wait);
  }

  /** There is news of {@code connection}: its wait ends now, if it waits. */
  void hurry(EndpointConnection connection) {
    if (waiting.containsKey(connection)) {
      forget(connection);
      retry.accept(connection);
    }
  }

  /** There is news of all: no wait is longer than {@link #SPREAD}. */
  void hurryAll() {
    long now = now();
    for (Turn turn : List.copyOf(turns)) {
      long spread = (long) (SPREAD.toNanos() * context.random().nextDouble());
      put(turn.connection, Math.min(turn.dueNanos, now + spread));
    }
  }

  /** {@code connection} is to be tried no more, or is up. */
  void forget(EndpointConnection connection) {
    Turn turn = waiting.remove(connection);
    if (turn != null) {
      turns.remove(turn);
      watchFirst();
    }
  }

  void close() {
    turns.clear();
    waiting.clear();
    watchFirst();
  }

  private void put(EndpointConnection connection, long dueNanos) {
    Turn turn = new Turn(dueNanos, numbers++, connection);
    Turn before = waiting.put(connection, turn);
    if (before != null) {
      turns.remove(before);
    }
    turns.add(turn);
    watchFirst();
  }

  private void watchFirst() {
    long firstNanos = turns.isEmpty() ? Long.MAX_VALUE : turns.first().dueNanos;
    if (timer != null && timerNanos != firstNanos) {
      timer.cancel();
      timer = null;
    }
    if (timer == null && !turns.isEmpty()) {
      timerNanos = firstNanos;
      timer = context.timer().schedule(this::retryDue, Math.max(0, firstNanos - now()));
    }
  }

  private void retryDue() {
    timer = null;
    List<EndpointConnection> due = new ArrayList<>();
    long now = now();
    while (!turns.isEmpty() && turns.first().dueNanos <= now) {
      Turn turn = turns.pollFirst();
      waiting.remove(turn.connection);
      due.add(turn.connection);
    }
    watchFirst();
    due.forEach(retry);
  }

  private long now() {
    return context.nanoTime().getAsLong() - startNanos;
  }
}
