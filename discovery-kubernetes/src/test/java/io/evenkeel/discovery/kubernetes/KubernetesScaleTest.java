package io.evenkeel.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.Leftovers;
import io.evenkeel.testkit.WatchedTarget;
import io.evenkeel.testkit.process.KubernetesSlice;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Large services, and many of them. */
class KubernetesScaleTest extends OnKubernetesStub {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final int SERVICES = 1_000;

  /** Names of the threads that {@link #SERVICES} watches may start, and how many of each. */
  private static final String READERS = "evenkeel-kubernetes";

  private static final String SELECTORS = "HttpClient-";

  @Test
  void change_severalSlicesOfManyPodsAtOnce_isExactlyRight() throws Exception {
    put("one", 0, 100);
    put("two", 100, 200);
    put("three", 200, 250);
    try (WatchedTarget watched = watch("orders", "?maxDrop=100%25")) {
      watched.await(BOUND, result -> ids(result).equals(names(0, 250)));

      stub.delete("prod", "orders-one");
      put("three", 210, 260);

      WatchedTarget.Result last =
          watched.await(BOUND, result -> ids(result).equals(names(100, 200, 210, 260)));
      assertThat(last.endpoints()).hasSize(150);
    }
  }

  @Test
  void watch_manyServices_haveOneWatchEachAndFewThreads() throws Exception {
    for (int i = 0; i < SERVICES; i++) {
      stub.put("prod", slice("web" + i, "web" + i, 0, 1));
    }
    Leftovers before = Leftovers.now();
    List<WatchedTarget> watches = new ArrayList<>();
    try {
      for (int i = 0; i < SERVICES; i++) {
        watches.add(watch("web" + i, ""));
      }
      for (WatchedTarget each : watches) {
        // A busy machine may not answer so many in time, and does when it is asked again.
        each.await(BOUND, result -> result.ids().size() == 1);
      }
      Await.until(BOUND, stub::watches, open -> open == SERVICES);

      Leftovers now = Leftovers.now();
      assertThat(now.count(READERS)).isLessThanOrEqualTo(ApiClients.THREADS);
      assertThat(now.count(SELECTORS) - before.count(SELECTORS)).isLessThanOrEqualTo(1);
      System.out.printf(
          "%d services: %d threads more, %d files more, those of the server here included%n",
          SERVICES, count(now) - count(before), now.files() - before.files());
      stub.put("prod", slice("more", "web" + (SERVICES - 1), 1, 2));
      watches.get(SERVICES - 1).await(BOUND, result -> result.ids().size() == 2);
    } finally {
      watches.forEach(WatchedTarget::close);
    }
    Await.until(BOUND, stub::watches, open -> open == 0);
  }

  private static int count(Leftovers leftovers) {
    return leftovers.threads().values().stream().mapToInt(Integer::intValue).sum();
  }

  private static WatchedTarget watch(String service, String query) {
    return new WatchedTarget(
        new KubernetesDiscoveryProvider(), URI.create("kubernetes:///" + service + query));
  }

  private void put(String slice, int from, int to) {
    stub.put("prod", slice("orders-" + slice, "orders", from, to));
  }

  private static com.google.gson.JsonObject slice(String name, String service, int from, int to) {
    KubernetesSlice slice = KubernetesSlice.of(name, service).port("grpc", 8080);
    IntStream.range(from, to)
        .forEach(i -> slice.pod("pod-" + i, "10.0." + i / 250 + "." + (1 + i % 250)));
    return slice.json();
  }

  private static Set<String> ids(WatchedTarget.Result result) {
    return new TreeSet<>(result.ids());
  }

  private static Set<String> names(int... bounds) {
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < bounds.length; i += 2) {
      IntStream.range(bounds[i], bounds[i + 1]).forEach(each -> names.add("pod-" + each));
    }
    return names;
  }
}
