package io.evenkeel.discovery.consul;

import io.evenkeel.discovery.DiscoveryContext;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  /** Asks one agent after the other, each when {@code asking} has a turn, until one answers. */
  CompletableFuture<ConsulAnswer> askAll(ConsulQuestion question, Turns asking) {
    Round round = new Round(question, asking);
    round.next();
    return round.answer;
  }

  private CompletableFuture<ConsulAnswer> ask(int agent, ConsulQuestion question) {
    CompletableFuture<ConsulAnswer> answer = new CompletableFuture<>();
    Future<?> timer =
        context
            .scheduler()
            .schedule(
                () -> fail(agent, question, answer, new TimeoutException()),
                question.timeout().toNanos(),
                TimeUnit.NANOSECONDS);
    CompletableFuture<?> unused = answer.whenComplete((told, error) -> timer.cancel(false));
    context.offloadExecutor().execute(() -> send(agent, question, answer));
    return answer;
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
                  fail(agent, question, answer, error);
                } else {
                  judge(agent, ConsulAnswer.of(response), answer);
                }
              });
    } catch (IOException e) {
      answer.completeExceptionally(ConsulFailure.of(e));
    } catch (RuntimeException e) {
      fail(agent, question, answer, e);
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

  private void fail(
      int agent, ConsulQuestion question, CompletableFuture<ConsulAnswer> answer, Throwable error) {
    // The next question reads the files for TLS again, which may be what was wrong.
    http = null;
    answer.completeExceptionally(ConsulFailure.of(target.prefix(agent), question, error));
  }

  /** One question to one agent after the other. */
  private final class Round {
    final CompletableFuture<ConsulAnswer> answer = new CompletableFuture<>();
    private final ConsulQuestion question;
    private final Turns asking;
    private final int first = preferred;
    private int asked; // one agent at a time

    Round(ConsulQuestion question, Turns asking) {
      this.question = question;
      this.asking = asking;
    }

    void next() {
      int agent = (first + asked++) % count();
      asking.take(() -> begin(agent));
    }

    private void begin(int agent) {
      CompletableFuture<ConsulAnswer> one =
          answer.isDone() ? CompletableFuture.failedFuture(over()) : ask(agent, question);
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

    private static Throwable over() {
      return new CompletionException("nobody waits for it any more", null);
    }
  }
}
