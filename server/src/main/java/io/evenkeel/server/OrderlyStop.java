package io.evenkeel.server;

import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.Setting;
import io.grpc.Server;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Takes a server out of service so that no call fails: it reports NOT_SERVING, leaves its
 * registries, waits until clients have noticed, lets running calls finish, and only then closes.
 *
 * <p>Each step has a bound among the settings; their sum bounds the whole. An interrupt skips the
 * waiting, not the steps. For one server and one thread.
 */
final class OrderlyStop {
  private static final System.Logger log = System.getLogger(OrderlyStop.class.getName());

  /** What gRPC itself sends is CANCELLED, which no client tries again elsewhere. */
  private static final Status CUT_OFF =
      Status.UNAVAILABLE.withDescription("the server stopped before the call was done");

  private final ServerParts parts;
  private final Consumer<String> reporter;
  private final Runnable afterwards;
  private final Server grpc;
  private boolean interrupted;

  OrderlyStop(ServerParts parts, Consumer<String> reporter, Runnable afterwards) {
    this.parts = parts;
    this.reporter = reporter;
    this.afterwards = afterwards;
    this.grpc = parts.port().server();
  }

  void run() {
    parts.lifecycle().moveTo(ServerState.DRAINING);
    reportNotServing();
    leaveRegistries();
    step("waits for clients to notice");
    await(OrderlyStop::pause, ServerSetting.DRAIN_DELAY);
    finishCalls();
    parts.port().load().close();
    parts.probes().ifPresent(ProbeServer::stop);
    afterwards.run();
    parts.lifecycle().moveTo(ServerState.TERMINATED);
    step("done");
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void reportNotServing() {
    step("reports NOT_SERVING");
    parts.port().health().notServing();
  }

  private void leaveRegistries() {
    step("leaves its registries");
    parts.registrations().leave();
    if (!await(parts.registrations()::awaitLeft, ServerSetting.REGISTRATION_TIMEOUT)) {
      warn("goes on although a registry has not confirmed that it left; its lease will end");
    }
  }

  private void finishCalls() {
    step("finishes " + callsInFlight() + " running calls");
    grpc.shutdown();
    parts.port().endWatches();
    if (!await(this::terminated, ServerSetting.DRAIN_TIMEOUT)) {
      cutOff();
    }
  }

  private void cutOff() {
    warn("cuts off " + callsInFlight() + " calls that did not finish in time");
    parts.port().calls().end(CUT_OFF);
    if (await(this::terminated, ServerSetting.KILL_TIMEOUT)) {
      return;
    }
    grpc.shutdownNow();
    if (!await(this::terminated, ServerSetting.KILL_TIMEOUT)) {
      warn("leaves " + callsInFlight() + " calls behind that ignore their end");
    }
  }

  private boolean terminated(long nanos) throws InterruptedException {
    return grpc.awaitTermination(nanos, TimeUnit.NANOSECONDS);
  }

  private static boolean pause(long nanos) throws InterruptedException {
    return new CountDownLatch(1).await(nanos, TimeUnit.NANOSECONDS);
  }

  private boolean await(Waiting waiting, Setting<Duration> bound) {
    try {
      return waiting.await(interrupted ? 0 : parts.settings().get(bound).toNanos());
    } catch (InterruptedException e) {
      interrupted = true;
      return false;
    }
  }

  private int callsInFlight() {
    return parts.port().limiter().inFlight();
  }

  private void step(String what) {
    log(System.Logger.Level.INFO, what);
  }

  private void warn(String what) {
    log(System.Logger.Level.WARNING, what);
  }

  private void log(System.Logger.Level level, String what) {
    String who = parts.serviceName() + " " + parts.endpoint().displayAddress();
    log.log(level, "{0}: stopping: {1}", who, what);
    try {
      reporter.accept(who + ": stopping: " + what);
    } catch (RuntimeException e) {
      // The stop matters more than who hears of it.
      log.log(System.Logger.Level.WARNING, "reporting the stop", e);
    }
  }

  private interface Waiting {
    boolean await(long nanos) throws InterruptedException;
  }
}
