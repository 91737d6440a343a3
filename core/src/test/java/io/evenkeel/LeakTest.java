package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.Eventually;
import io.evenkeel.fixture.ScriptedHealth;
import io.evenkeel.fixture.TestDiscovery;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.File;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nothing is left behind: no thread, timer, watch, listener or file descriptor. */
final class LeakTest {
  private static final int ROUNDS = 1000;

  /** What other parts of the JVM may open or start meanwhile. */
  private static final int SLACK = 10;

  private final ScriptedHealth health = ScriptedHealth.of(ServingStatus.SERVING);
  private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
  private EchoServer server;

  LeakTest() {
    timers.setRemoveOnCancelPolicy(true);
  }

  @AfterEach
  void stopAll() {
    server.close();
    timers.shutdownNow();
  }

  @Test
  void channels_thousandOpenedAndClosed_leaveNothing() {
    server = EchoServer.inProcess(health);
    TestDiscovery discovery = TestDiscovery.inProcess(server);
    openCallClose(discovery);
    int threads = Thread.activeCount();

    for (int i = 0; i < ROUNDS; i++) {
      openCallClose(discovery);
    }

    assertThat(discovery.listeners()).isZero();
    Eventually.await("no watch is left", () -> health.watches() == 0);
    assertNoTimerIsLeft();
    Eventually.await("threads are gone", () -> Thread.activeCount() <= threads + SLACK);
  }

  @Test
  void channels_thousandOverTheNetwork_leaveNoThreadAndNoFileDescriptor() throws Exception {
    server = EchoServer.netty();
    String target = "fixed:///127.0.0.1:" + server.port();
    openCallClose(target);
    int threads = Thread.activeCount();
    int descriptors = openFileDescriptors();

    for (int i = 0; i < ROUNDS; i++) {
      openCallClose(target);
    }

    Eventually.await(
        "file descriptors are closed", () -> openFileDescriptors() <= descriptors + SLACK);
    Eventually.await("threads are gone", () -> Thread.activeCount() <= threads + SLACK);
  }

  @Test
  void idle_thousandTimes_leavesNothing() {
    server = EchoServer.inProcess(health);
    TestDiscovery discovery = TestDiscovery.inProcess(server);
    ManagedChannel channel = builder(discovery).build();
    Echo.call(channel);
    int threads = Thread.activeCount();

    for (int i = 0; i < ROUNDS; i++) {
      Channels.enterIdle(channel);
      Echo.call(channel);
    }

    assertThat(discovery.listeners()).isEqualTo(1);
    Eventually.await("one watch is left", () -> health.watches() == 1);
    assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + SLACK);
    Channels.enterIdle(channel);
    Eventually.await("no watch is left", () -> health.watches() == 0);
    Channels.close(channel);
    assertNoTimerIsLeft();
  }

  private void openCallClose(TestDiscovery discovery) {
    ManagedChannel channel = builder(discovery).build();
    Echo.call(channel);
    Channels.close(channel);
  }

  private static void openCallClose(String target) throws Exception {
    EvenkeelChannel channel = Evenkeel.channel(target).plaintext().build();
    channel.awaitReady(1, Duration.ofSeconds(20));
    Echo.call(channel);
    Channels.close(channel);
  }

  private InProcessChannelBuilder builder(TestDiscovery discovery) {
    return Channels.inProcess(discovery, Map.of())
        .defaultServiceConfig(
            Channels.serviceConfig(
                // So that a timer of a health watch that was left would be told from gRPC's.
                Map.of("health", Map.of("timeout", "60s")),
                Map.of("healthCheckConfig", Map.of("serviceName", ""))))
        .intercept(CallTracking.interceptor())
        .scheduledExecutorService(timers);
  }

  /** gRPC itself closes a subchannel that is no longer wanted after five seconds. */
  private void assertNoTimerIsLeft() {
    assertThat(timers.getQueue())
        .allMatch(timer -> ((Delayed) timer).getDelay(TimeUnit.SECONDS) <= 5);
  }

  /** Zero where the system does not tell. */
  private static int openFileDescriptors() {
    String[] descriptors = new File("/proc/self/fd").list();
    return descriptors == null ? 0 : descriptors.length;
  }
}
