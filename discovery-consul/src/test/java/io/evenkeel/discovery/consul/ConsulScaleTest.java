package io.evenkeel.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.discovery.EndpointSet;
import io.evenkeel.discovery.ServiceWatch;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.Leftovers;
import io.evenkeel.testkit.process.ConsulServer;
import io.evenkeel.testkit.process.RequiresServer;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A thousand services in one process, against an agent that takes 200 connections from it. */
@RequiresServer("consul")
@Timeout(240)
class ConsulScaleTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final int SERVICES = 1_000;

  /** Those that all discoveries of a process share, ours, and the one of the JDK's HTTP client. */
  private static final int THREADS = 48 + 1 + ConsulHttp.THREADS + 1;

  @TempDir private Path directory;
  private final Map<String, String> addresses = new ConcurrentHashMap<>();
  private final Map<String, Status> errors = new ConcurrentHashMap<>();

  @Test
  void watch_thousandServices_allAreRightWithFewThreadsAndNothingIsLeft() throws Exception {
    Leftovers before = Leftovers.now();
    List<ServiceWatch> watches = new ArrayList<>();
    try (ConsulServer consul = ConsulServer.start(directory)) {
      for (int i = 0; i < SERVICES; i++) {
        register(consul, "service-" + i, 1 + i);
      }
      long start = System.nanoTime();
      for (int i = 0; i < SERVICES; i++) {
        watches.add(open(consul, "service-" + i));
      }
      Await.until(BOUND, addresses::size, size -> size == SERVICES);
      int threads = threads() - threads(before);
      System.out.printf(
          "%d services: all listed after %d ms, %d threads%n",
          SERVICES, (System.nanoTime() - start) / 1_000_000, threads);

      register(consul, "service-0", 5_001);
      register(consul, "service-999", 5_002);

      Await.until(BOUND, () -> addresses.get("service-0"), "10.0.0.9:5001"::equals);
      Await.until(BOUND, () -> addresses.get("service-999"), "10.0.0.9:5002"::equals);
      assertThat(threads).isLessThanOrEqualTo(THREADS);
      assertThat(errors).isEmpty();
    } finally {
      watches.forEach(ServiceWatch::close);
    }
    awaitNoMoreThan(before);
  }

  private ServiceWatch open(ConsulServer consul, String service) {
    return ServiceWatch.open(
        consul.uri() + "/" + service,
        new ServiceWatch.Listener() {
          @Override
          public void onEndpoints(EndpointSet endpoints) {
            addresses.put(service, endpoints.endpoints().get(0).displayAddress());
          }

          @Override
          public void onError(Status status) {
            errors.put(service, status);
          }
        });
  }

  /** Under a node that has no agent, so that nothing but the catalogue has it. */
  private static void register(ConsulServer consul, String service, int port) throws Exception {
    consul.api(
        "PUT",
        "/v1/catalog/register",
        "{\"Node\":\"far\",\"Address\":\"10.0.0.9\",\"Service\":{\"Service\":\"%s\",\"Port\":%d}}"
            .formatted(service, port));
  }

  private static int threads() {
    return threads(Leftovers.now());
  }

  private static int threads(Leftovers leftovers) {
    return leftovers.count("evenkeel") + leftovers.count("HttpClient");
  }

  /** The JDK's client ends with the collection of who used it. */
  private static void awaitNoMoreThan(Leftovers before) throws Exception {
    Await.until(
        BOUND,
        () -> {
          System.gc();
          return Leftovers.now();
        },
        now -> threads(now) <= threads(before) && now.files() <= before.files());
  }
}
