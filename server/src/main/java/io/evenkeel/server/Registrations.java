package io.evenkeel.server;

import io.evenkeel.Endpoint;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One server in all its registries. Thread-safe. */
final class Registrations {
  private final List<RegistrationKeeper> keepers;

  Registrations(
      List<RegistryTarget> registries, String service, Endpoint endpoint, RetryDelays delays) {
    this.keepers =
        registries.stream()
            .map(registry -> new RegistrationKeeper(registry, service, endpoint, delays))
            .toList();
  }

  void start() {
    keepers.forEach(RegistrationKeeper::start);
  }

  /** Whether clients can find the server: one registry is enough, and no registry at all. */
  boolean findable() {
    return keepers.isEmpty() || keepers.stream().anyMatch(RegistrationKeeper::isRegistered);
  }

  /** What is amiss, one sentence for each registry that does not know the server. */
  List<String> problems() {
    return keepers.stream().flatMap(keeper -> keeper.problem().stream()).toList();
  }

  /** Waits until the server is {@link #findable}, at most {@code nanos}. */
  void awaitFindable(long nanos) throws InterruptedException, TimeoutException {
    if (findable()) {
      return;
    }
    CompletableFuture<?>[] outcomes =
        keepers.stream().map(RegistrationKeeper::registered).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.anyOf(outcomes).get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException notInTime) {
      throw new TimeoutException(
          "not registered within %d ms: %s"
              .formatted(TimeUnit.NANOSECONDS.toMillis(nanos), String.join("; ", problems())));
    } catch (ExecutionException | CancellationException stopped) {
      throw new IllegalStateException("the server was stopped before it was registered", stopped);
    }
  }

  /**
   * Waits until every registry has answered once, at most {@code nanos} in all.
   *
   * @throws IOException if one did not take the server
   */
  void requireAll(long nanos) throws InterruptedException, IOException {
    long deadline = System.nanoTime() + nanos;
    for (RegistrationKeeper keeper : keepers) {
      keeper.awaitFirstAttempt(Math.max(0, deadline - System.nanoTime()));
    }
    List<String> problems = problems();
    if (!problems.isEmpty()) {
      throw new IOException(String.join("; ", problems));
    }
  }

  /** Starts to deregister everywhere. */
  void leave() {
    keepers.forEach(RegistrationKeeper::leave);
  }

  /** Waits until that is done, at most {@code nanos} in all; false if a registry did not answer. */
  boolean awaitLeft(long nanos) throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    boolean left = true;
    for (RegistrationKeeper keeper : keepers) {
      left &= keeper.awaitLeft(Math.max(0, deadline - System.nanoTime()));
    }
    return left;
  }
}
