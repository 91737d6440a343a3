package io.evenkeel.server;

import io.evenkeel.Endpoint;
import io.evenkeel.server.EvenkeelServerBuilder.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A gRPC server that registers itself once its port is open, answers health, reflection and HTTP
 * probes, and leaves in order:
 *
 * <pre>{@code
 * EvenkeelServer server =
 *     EvenkeelServer.builder("order-service")
 *         .settings(ServerSettings.loader().environment(System.getenv()).load())
 *         .plaintext()
 *         .addService(new OrderService())
 *         .stopOnSignal()
 *         .start();
 * server.awaitTermination();
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class EvenkeelServer implements AutoCloseable {
  private final ServerParts parts;
  private final OrderlyStop orderlyStop;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CountDownLatch terminated = new CountDownLatch(1);
  private volatile Optional<StopOnSignal> stopOnSignal = Optional.empty(); // set once, by start

  private EvenkeelServer(ServerParts parts, OrderlyStop orderlyStop) {
    this.parts = parts;
    this.orderlyStop = orderlyStop;
  }

  /** A server of the service that clients find under {@code serviceName}. */
  public static EvenkeelServerBuilder builder(String serviceName) {
    return new EvenkeelServerBuilder(serviceName);
  }

  static EvenkeelServer start(EvenkeelServerBuilder plan) throws IOException {
    ServerParts parts = ServerStart.run(plan);
    OrderlyStop orderlyStop = new OrderlyStop(parts, plan.stopReporter(), plan.afterwards());
    EvenkeelServer server = new EvenkeelServer(parts, orderlyStop);
    if (plan.signals() == Signals.STOP) {
      server.stopOnSignal = Optional.of(StopOnSignal.install(server));
    }
    return server;
  }

  /** The name that clients find it under. */
  public String serviceName() {
    return parts.serviceName();
  }

  /** What is registered: its id, and the address under which clients reach it. */
  public Endpoint endpoint() {
    return parts.endpoint();
  }

  /** The port that gRPC listens on; -1 if the transport has none. */
  public int port() {
    return parts.port().server().getPort();
  }

  /** The port of {@code /livez} and {@code /readyz}; empty when they are off. */
  public OptionalInt probePort() {
    return parts.probes().map(probes -> OptionalInt.of(probes.port())).orElse(OptionalInt.empty());
  }

  public ServerState state() {
    return parts.lifecycle().state();
  }

  /** Calls that run now, those that ask for its health or its load not counted. */
  public int callsInFlight() {
    return parts.port().limiter().inFlight();
  }

  /**
   * Waits until clients can find the server: until one registry has taken it, if there are any.
   *
   * @throws TimeoutException if none has within {@code timeout}; the message says why
   * @throws IllegalStateException if the server is stopped meanwhile
   */
  public void awaitReady(Duration timeout) throws InterruptedException, TimeoutException {
    parts.registrations().awaitFindable(timeout.toNanos());
  }

  /** Waits until the server has stopped, for whatever reason. */
  public void awaitTermination() throws InterruptedException {
    terminated.await();
  }

  /** Waits until the server has stopped; false if it has not within {@code timeout}. */
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    return terminated.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Stops in order and returns when everything is closed: reports NOT_SERVING, deregisters, waits
   * for clients to notice, finishes running calls, closes. Each step is bounded by a setting, so
   * this is too. Safe to call twice, also at the same time.
   */
  @Override
  public void close() {
    if (!stopping.compareAndSet(false, true)) {
      awaitOtherClose();
      return;
    }
    try {
      orderlyStop.run();
    } finally {
      stopOnSignal.ifPresent(StopOnSignal::remove);
      terminated.countDown();
    }
  }

  private void awaitOtherClose() {
    try {
      terminated.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
