package io.evenkeel.discovery.consul;

import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryListener;
import io.evenkeel.discovery.EndpointSet;
import io.evenkeel.discovery.Rest;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches the instances of one service in Consul.
 *
 * <p>A plain question lists them and their index, and a blocking query waits until that index has
 * passed, again and again, by Consul's rules:
 *
 * <ul>
 *   <li>An index that is not above zero counts as 1, which any answer of a working Consul exceeds.
 *   <li>After one that goes backwards nothing is believed until a plain question is answered.
 *   <li>{@link LoopLimit} bounds how often it goes round.
 *   <li>{@code Retry-After} is obeyed, see {@link Rest}: until then a look ends in the same failure
 *       once more, and no request is made.
 * </ul>
 *
 * <p>{@link #refresh} is a plain question beside the one that waits. Where a blocking query breaks,
 * it is one as well, and it goes over to the next agent. Nothing else is kept of a connection, so
 * there is nothing to be rebuilt. Where no connection is left to wait on, see {@link ConsulBudget},
 * plain questions at an interval do.
 *
 * <p>State belongs to {@code serial}; nothing here blocks.
 *
 * @see <a href="https://developer.hashicorp.com/consul/api-docs/features/blocking">Consul's
 *     blocking queries</a>
 */
final class ConsulDiscovery implements Discovery {
  /** Bound on a plain question to all agents, below the supervisor's patience. */
  private static final Duration ROUND_TIMEOUT = Duration.ofSeconds(12);

  /** Waits are drawn from 90 to 100 %, so that clients of a restarted agent spread again. */
  private static final double WAIT_SPREAD = 0.1;

  /** Consul adds up to a sixteenth to a wait. */
  private static final int CONSULS_SPREAD = 16;

  private final Setting setting;
  private final ConsulAgents agents;
  private final DiscoveryContext context;
  private final ConsulBudget budget;
  private final LoopLimit limit;
  private final Rest rest;
  private final SynchronizationContext serial = new SynchronizationContext(this::broken);
  private volatile boolean closed;

  private @Nullable DiscoveryListener listener;
  private long index; // of the last answer; 0 where a plain question has to come first
  private @Nullable CompletableFuture<ConsulAnswer> look;
  private @Nullable CompletableFuture<ConsulAnswer> waiting;
  private @Nullable ScheduledHandle next;

  /**
   * What is watched.
   *
   * @param longPoll how long a blocking query waits for a change
   * @param answerTimeout bound on a plain question to one agent, and on the delay of a blocking one
   */
  record Setting(
      ConsulTarget target, ConsulFilter filter, Duration longPoll, Duration answerTimeout) {

    /** What the token needs, for messages. */
    String rules() {
      return "service \"%s\" { policy = \"read\" } and node_prefix \"\" { policy = \"read\" }"
          .formatted(target.service());
    }
  }

  ConsulDiscovery(
      Setting setting, ConsulAccess access, DiscoveryContext context, ConsulBudget budget) {
    this.setting = setting;
    this.agents = new ConsulAgents(setting.target, access, context, setting.rules());
    this.context = context;
    this.budget = budget;
    this.limit = new LoopLimit(context.ticker());
    this.rest = new Rest(context);
  }

  @Override
  public void start(DiscoveryListener listener) {
    serial.execute(
        () -> {
          this.listener = listener;
          look();
        });
  }

  @Override
  public void refresh() {
    serial.execute(this::look);
  }

  @Override
  public void close() {
    closed = true;
    serial.execute(
        () -> {
          cancelNext();
          cancel(look);
          cancel(waiting);
        });
  }

  /** Every look ends in a call of the listener; one that is under way answers for the next too. */
  private void look() {
    if (closed || look != null) {
      return;
    }
    if (!rest.left().isZero()) {
      tell(rest.why());
      return;
    }
    cancelNext();
    CompletableFuture<ConsulAnswer> asked =
        agents.askAll(
            ConsulQuestion.get(setting.filter.path(setting.target.service()), answerTimeout()),
            budget.asking(),
            ROUND_TIMEOUT);
    look = asked;
    CompletableFuture<?> unused =
        asked.whenComplete((answer, error) -> serial.execute(() -> looked(answer, error)));
  }

  private Duration answerTimeout() {
    Duration share = ROUND_TIMEOUT.dividedBy(agents.count());
    return share.compareTo(setting.answerTimeout) < 0 ? share : setting.answerTimeout;
  }

  private void looked(@Nullable ConsulAnswer answer, @Nullable Throwable error) {
    look = null;
    if (closed) {
      return;
    }
    if (answer == null) {
      failed(ConsulFailure.in(error == null ? new IllegalStateException("no answer") : error));
      return;
    }
    if (publish(answer) && waiting == null) {
      goRound();
    }
  }

  /** Begins the next blocking query, as soon as the limit allows. */
  private void goRound() {
    cancelNext();
    next = schedule(this::await, limit.waitNanos());
  }

  private void await() {
    next = null;
    if (closed || waiting != null) {
      return;
    }
    if (index == 0) {
      look();
    } else if (budget.waiting().tryTake()) {
      awaitChange();
    } else {
      next = schedule(this::look, spread(budget.lookInterval()).toNanos());
    }
  }

  private void awaitChange() {
    Duration wait = spread(setting.longPoll);
    String path =
        setting.filter.path(setting.target.service())
            + "&index="
            + index
            + "&wait="
            + wait.toMillis()
            + "ms";
    Duration bound = wait.plus(wait.dividedBy(CONSULS_SPREAD)).plus(setting.answerTimeout);
    CompletableFuture<ConsulAnswer> asked = agents.ask(ConsulQuestion.get(path, bound));
    waiting = asked;
    CompletableFuture<?> unused =
        asked.whenComplete(
            (answer, error) -> {
              budget.waiting().giveBack();
              serial.execute(() -> awaited(answer, error));
            });
  }

  private void awaited(@Nullable ConsulAnswer answer, @Nullable Throwable error) {
    waiting = null;
    if (closed) {
      return;
    }
    if (answer == null) {
      ConsulFailure failure =
          ConsulFailure.in(error == null ? new IllegalStateException("no answer") : error);
      if (failure.refused() || !failure.retryAfter().isZero()) {
        failed(failure);
      } else {
        // Whatever broke it: a plain question tells how Consul stands, and finds another agent.
        look();
      }
      return;
    }
    if (answer.index() < index) {
      index = 0;
      goRound();
    } else if (publish(answer)) {
      goRound();
    }
  }

  /** Tells what {@code answer} says; false if that is nothing. */
  private boolean publish(ConsulAnswer answer) {
    EndpointSet set;
    try {
      set = ConsulInstances.parse(answer.body()).endpoints();
    } catch (IllegalArgumentException e) {
      failed(ConsulFailure.nonsense(setting.target.describe(), answer, e));
      return false;
    }
    index = Math.max(1, answer.index());
    if (listener != null) {
      listener.onEndpoints(set.endpoints().isEmpty() ? explained(set) : set);
    }
    return true;
  }

  /** Consul hides what a token may not see, and does not say so. */
  private EndpointSet explained(EndpointSet empty) {
    return empty.problems().isEmpty()
        ? empty.withProblems(
            List.of(
                "Consul lists no instance of \"%s\" whose checks pass; where it has ACLs, the token needs %s"
                    .formatted(setting.target.service(), setting.rules())))
        : empty;
  }

  private void failed(ConsulFailure failure) {
    index = 0;
    cancelNext();
    Status status =
        Status.UNAVAILABLE
            .withDescription(setting.target.describe() + ": " + failure.getMessage())
            .withCause(failure);
    rest.begin(status, failure.retryAfter());
    tell(status);
  }

  private void tell(Status failure) {
    if (listener != null && !closed) {
      listener.onError(failure, rest.left());
    }
  }

  private Duration spread(Duration duration) {
    double shorter = 1 - WAIT_SPREAD * context.random().getAsDouble();
    return Duration.ofNanos((long) (duration.toNanos() * shorter));
  }

  private ScheduledHandle schedule(Runnable task, long delayNanos) {
    return serial.schedule(task, delayNanos, TimeUnit.NANOSECONDS, context.scheduler());
  }

  private void cancelNext() {
    if (next != null) {
      next.cancel();
      next = null;
    }
  }

  private static void cancel(@Nullable CompletableFuture<ConsulAnswer> question) {
    if (question != null) {
      question.cancel(true);
    }
  }

  private void broken(Thread thread, Throwable e) {
    failed(ConsulFailure.in(e));
  }
}
