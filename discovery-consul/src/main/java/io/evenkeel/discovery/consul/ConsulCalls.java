package io.evenkeel.discovery.consul;

import io.evenkeel.registration.RegistrationException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Questions to the agents of one Consul that wait for their answer. They go to the agent that
 * answered last, and over to the next one where it cannot be reached, is silent or is busy.
 *
 * <p>Thread-safe.
 */
final class ConsulCalls {
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  private final ConsulTarget target;
  private final ConsulAccess access;
  private volatile int preferred;
  private volatile @Nullable ConsulHttp http; // null before the first question and after a failure

  ConsulCalls(ConsulTarget target, ConsulAccess access) {
    this.target = target;
    this.access = access;
  }

  /** What {@code timeout} for all agents leaves to each. */
  Duration share(Duration timeout) {
    return timeout.dividedBy(target.agents().size());
  }

  /**
   * Asks until an agent answers, whatever the answer is.
   *
   * @param rules of Consul's ACL that the token needs for it, for messages
   * @throws RegistrationException if no agent answered within the question's timeout, all are busy,
   *     or the token may not ask this
   */
  ConsulAnswer ask(ConsulQuestion question, String rules) throws RegistrationException {
    int count = target.agents().size();
    int first = preferred;
    for (int tries = 1; ; tries++) {
      int agent = (first + tries - 1) % count;
      try {
        ConsulAnswer answer = ask(agent, question, rules);
        preferred = agent;
        return answer;
      } catch (ConsulFailure e) {
        if (e.refused() || tries == count) {
          throw new RegistrationException(target.describe() + ": " + e.getMessage(), e);
        }
      }
    }
  }

  private ConsulAnswer ask(int agent, ConsulQuestion question, String rules)
      throws ConsulFailure, RegistrationException {
    ConsulAnswer answer;
    try {
      answer = await(agent, question);
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      // The next question reads the files for TLS again, which may be what was wrong.
      http = null;
      throw ConsulFailure.of(target.prefix(agent), question, e);
    } catch (IOException e) {
      throw ConsulFailure.of(e);
    }
    return switch (answer.status()) {
      case FORBIDDEN, TOO_MANY_REQUESTS, UNAVAILABLE ->
          throw ConsulFailure.of(target.prefix(agent), answer, rules);
      default -> answer;
    };
  }

  private ConsulAnswer await(int agent, ConsulQuestion question)
      throws IOException, ExecutionException, TimeoutException, RegistrationException {
    ConsulHttp used = http;
    if (used == null) {
      used = ConsulHttp.of(access);
      http = used;
    }
    CompletableFuture<ConsulAnswer> answer = used.send(target.agents().get(agent), question);
    try {
      return answer.get(question.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RegistrationException(
          target.describe() + ": interrupted while waiting for the answer", e);
    } finally {
      answer.cancel(true);
    }
  }

  ConsulTarget target() {
    return target;
  }
}
