package io.evenkeel.discovery.consul;

import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.Turns;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Questions to the agents of one Consul that block nobody. They go to the agent that answered last,
 * the first at the start. Answers fail by a {@link ConsulFailure}, also where the status is not
 * 200; cancelling one ends its request.
 *
 * <p>Thread-safe.
 */
final class ConsulAgents {
  private final ConsulTarget target;
  private final ConsulAccess access;
  private final DiscoveryContext context;
  private final String rules;
  private volatile int preferred;
  private volatile @Nullable ConsulHttp http; // null before the first question and after a failure

  /**
   * @param rules of Consul's ACL that the token needs for these questions, for messages
   */
  ConsulAgents(ConsulTarget target, ConsulAccess access, DiscoveryContext context, String rules) {
    this.target = target;
    this.access = access;
    this.context = context;
    this.rules = rules;
  }

  int count() {
    return target.agents().size();
  }

  /** Asks the agent that answered last. */
  CompletableFuture<ConsulAnswer> ask(ConsulQuestion question) {
    return ask(preferred, question);
  }

  /**
   * Asks one agent after the other, each when {@code asking} has a turn, until one answers.
   *
   * @param bound on all of that
   */
  CompletableFuture<ConsulAnswer> askAll(ConsulQuestion question, Turns asking, Duration bound) {
    Round round = new Round(question, asking);
    boundBy(
        bound,
        round.answer,
        () -> ConsulFailure.of("", question.within(bound), new TimeoutException()));
    round.next();
    return round.answer;
  }

  private CompletableFuture<ConsulAnswer> ask(int agent, ConsulQuestion question) {
    CompletableFuture<ConsulAnswer> answer = new CompletableFuture<>();
    boundBy(question.timeout(), answer, () -> failure(agent, question, new TimeoutException()));
    context.offloadExecutor().execute(() -> send(agent, question, answer));
    return answer;
  }

  private void boundBy(
      Duration bound, CompletableFuture<ConsulAnswer> answer, Supplier<ConsulFailure> late) {
    Future<?> timer =
        context
            .scheduler()
            .schedule(
                () -> answer.completeExceptionally(late.get()),
                bound.toNanos(),
                TimeUnit.NANOSECONDS);
    CompletableFuture<?> unused = answer.whenComplete((told, error) -> timer.cancel(false));
  }

  /** Reads files, so it runs on the offload executor. */
  private void send(int agent, ConsulQuestion question, CompletableFuture<ConsulAnswer> answer) {
    if (answer.isDone()) {
      return;
    }
    try {
      ConsulHttp used = http;
      if (used == null) {
        used = ConsulHttp.of(access);
        http = used;
      }
      var sent = used.send(target.agents().get(agent), question);
      CompletableFuture<?> unusedEnd = answer.whenComplete((told, error) -> sent.cancel(true));
      CompletableFuture<?> unusedAnswer =
          sent.whenComplete(
              (response, error) -> {
                if (error != null) {
                  answer.completeExceptionally(failure(agent, question, error));
                } else {
                  judge(agent, response, answer);
                }
              });
    } catch (IOException e) {
      answer.completeExceptionally(ConsulFailure.of(e));
    } catch (RuntimeException e) {
      answer.completeExceptionally(failure(agent, question, e));
    }
  }

  private void judge(int agent, ConsulAnswer told, CompletableFuture<ConsulAnswer> answer) {
    if (told.isOk()) {
      preferred = agent;
      answer.complete(told);
    } else {
      answer.completeExceptionally(ConsulFailure.of(target.prefix(agent), told, rules));
    }
  }

  private ConsulFailure failure(int agent, ConsulQuestion question, Throwable error) {
    // The next question reads the files for TLS again, which may be what was wrong.
    http = null;
    return ConsulFailure.of(target.prefix(agent), question, error);
  }

  /** One question to one agent after the other. */
  private final class Round {
    final CompletableFuture<ConsulAnswer> answer = new CompletableFuture<>();
    private final ConsulQuestion question;
    private final Turns asking;
    private final Runnable begin = this::begin;
    private final int first = preferred;
    private int asked; // one agent at a time

    Round(ConsulQuestion question, Turns asking) {
      this.question = question;
      this.asking = asking;
    }

    void next() {
      asking.take(begin);
      CompletableFuture<?> unused = answer.whenComplete((told, error) -> asking.leave(begin));
    }

    private void begin() {
      if (answer.isDone()) {
        asking.giveBack();
        return;
      }
      CompletableFuture<ConsulAnswer> one = ask((first + asked++) % count(), question);
      CompletableFuture<?> unusedEnd = answer.whenComplete((told, error) -> one.cancel(true));
      CompletableFuture<?> unusedNext =
          one.whenComplete(
              (told, error) -> {
                asking.giveBack();
                if (error == null) {
                  answer.complete(told);
                } else {
                  goOn(ConsulFailure.in(error));
                }
              });
    }

    private void goOn(ConsulFailure failure) {
      if (answer.isDone() || failure.refused() || asked == count()) {
        answer.completeExceptionally(failure);
      } else {
        next();
      }
    }
  }
}
