package io.evenkeel.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.testkit.Leftovers;
import io.evenkeel.testkit.RegisteringProcess;
import io.evenkeel.testkit.WatchedTarget;
import io.evenkeel.testkit.WatchedTarget.Result;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many instances and many watchers on a real file system. Prints what it measured. */
class FileScaleTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String SERVICE = "orders";

  @TempDir Path base;

  @Test
  void register_twoHundred_areAllSeenByAWatcher() throws Exception {
    try (Registrar registrar = open();
        WatchedTarget watched = watch()) {
      long start = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        registrar.register(SERVICE, instance(i));
      }
      long registered = millisSince(start);
      Result all = watched.await(BOUND, result -> result.endpoints().size() == 200);

      System.out.printf(
          "200 instances registered in %d ms, all seen after %d ms%n",
          registered, millisSince(start));
      assertThat(all.endpoints()).doesNotHaveDuplicates();
    }
  }

  @Test
  void register_oneAfterTheOther_eachIsSeenBeforeTheNext() throws Exception {
    long[] latencies = new long[50];
    try (Registrar registrar = open();
        WatchedTarget watched = watch()) {
      watched.next(BOUND);
      for (int i = 0; i < latencies.length; i++) {
        int expected = i + 1;
        long start = System.nanoTime();
        registrar.register(SERVICE, instance(i));
        watched.await(BOUND, result -> result.endpoints().size() == expected);
        latencies[i] = System.nanoTime() - start;
      }

      Arrays.sort(latencies);
      System.out.printf(
          "a join is seen in %.1f ms (median), %.1f ms (slowest of %d)%n",
          latencies[latencies.length / 2] / 1e6,
          latencies[latencies.length - 1] / 1e6,
          latencies.length);
      assertThat(watched.isQuiet()).isTrue();
    }
  }

  @Test
  void look_tenThousandThatBeat_parsesNoneAgain() throws Exception {
    int size = 10_000;
    // On a busy machine the writes alone may take longer than the default lease.
    URI registry = URI.create("file://" + base + "?ttl=3600s");
    try (Registrar registrar = Registrars.open(registry)) {
      for (int i = 0; i < size; i++) {
        registrar.register(SERVICE, instance(i));
      }
      ServiceDirectory directory =
          new ServiceDirectory(base.resolve(SERVICE), System::nanoTime, InstantSource.system());
      directory.look();
      List<Endpoint> before = directory.live();
      ((FileRegistrar) registrar).beat();

      long start = System.nanoTime();
      directory.look();
      List<Endpoint> after = directory.live();
      long beaten = millisSince(start);
      start = System.nanoTime();
      directory.look();

      System.out.printf(
          "a look at 10,000 instances: %d ms when all have beaten, %d ms when none has%n",
          beaten, millisSince(start));
      assertThat(after).hasSize(size);
      for (int i = 0; i < size; i++) {
        assertThat(after.get(i)).isSameAs(before.get(i));
      }
    }
  }

  @Test
  void close_aThousandWatchesOneByOne_leavesNothing() throws Exception {
    Files.createDirectory(base.resolve(SERVICE));
    watch().close();
    Leftovers before = Leftovers.now();

    for (int i = 0; i < 1_000; i++) {
      watch().close();
    }

    before.awaitNoMore("evenkeel-file", BOUND);
  }

  @Test
  void close_aHundredWatchesAtOnce_shareOneThreadAndLeaveNothing() throws Exception {
    Files.createDirectory(base.resolve(SERVICE));
    Leftovers before = Leftovers.now();
    List<WatchedTarget> watched = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      watched.add(watch());
    }
    for (WatchedTarget each : watched) {
      each.next(BOUND);
    }

    assertThat(Leftovers.now().threads().get("evenkeel-file-watch")).isEqualTo(1);
    watched.forEach(WatchedTarget::close);
    before.awaitNoMore("evenkeel-file", BOUND);
  }

  @Test
  void register_oneOfTwoProcessesIsKilled_theWatcherSeesTheOtherAlone() throws Exception {
    try (RegisteringProcess stays = RegisteringProcess.start(registry(), SERVICE, "stays", 1);
        RegisteringProcess dies = RegisteringProcess.start(registry(), SERVICE, "dies", 2);
        WatchedTarget watched = watch()) {
      watched.await(BOUND, result -> result.ids().equals(List.of("dies", "stays")));
      long start = System.nanoTime();

      dies.kill();

      watched.await(BOUND, result -> result.ids().equals(List.of("stays")));
      System.out.printf(
          "a killed process with a TTL of 1 s is gone after %d ms%n", millisSince(start));
      assertThat(stays.isAlive()).isTrue();
    }
  }

  private URI registry() {
    return URI.create("file://" + base + "?ttl=1s");
  }

  private Registrar open() {
    return Registrars.open(URI.create("file://" + base));
  }

  private WatchedTarget watch() {
    return new WatchedTarget(
        new FileDiscoveryProvider(), URI.create("file://" + base.resolve(SERVICE)));
  }

  private static Endpoint instance(int i) {
    return Endpoint.of(HostPort.parse("127.0.0.1:" + (i + 1))).withId("instance-" + i);
  }

  private static long millisSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1_000_000;
  }
}
