package io.evenkeel.benchmarks.loopback;

import io.evenkeel.benchmarks.Peers;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures unary calls over loopback by every {@link Route}, and writes {@code loopback.md} into
 * the folder that its first argument names. {@code --fast} as second argument takes shorter and
 * fewer runs.
 */
public final class Loopback {
  private static final List<Integer> IN_FLIGHT = List.of(64, 1);

  private final LoadPlan plan;

  private Loopback(LoadPlan plan) {
    this.plan = plan;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("usage: Loopback RESULTS_FOLDER [--fast]");
    }
    Path folder = Path.of(arguments[0]);
    boolean fast = List.of(arguments).contains("--fast");
    Peers.plain("round_robin");
    Loopback loopback = new Loopback(fast ? LoadPlan.FAST : LoadPlan.FULL);
    LoopbackPage page = new LoopbackPage();
    for (Proxy proxy : Proxy.values()) {
      page.addProxy(proxy.describe());
    }
    for (CallThreads threads : CallThreads.values()) {
      LoadResults results = loopback.measure(threads);
      IN_FLIGHT.forEach(inFlight -> page.add(threads, inFlight, results));
    }
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("loopback.md"), page.render());
    // gRPC's shared threads would keep the JVM for a while.
    System.exit(0);
  }

  private LoadResults measure(CallThreads threads) throws IOException, InterruptedException {
    try (EchoServers servers = new EchoServers(threads);
        Proxies proxies = Proxies.start(servers.addresses())) {
      Map<Route, ManagedChannel> warm = open(servers, proxies, threads);
      for (ManagedChannel channel : warm.values()) {
        Load.run(channel, IN_FLIGHT.get(0), plan.warmup());
      }
      warm.values().forEach(ManagedChannel::shutdownNow);
      LoadResults results = new LoadResults();
      for (int i = 0; i < plan.repetitions(); i++) {
        // New channels each time: whether a connection shares its thread with a server's is luck,
        // which would otherwise be one route's for good.
        Map<Route, ManagedChannel> channels = open(servers, proxies, threads);
        try {
          measure(channels, results);
        } finally {
          channels.values().forEach(ManagedChannel::shutdownNow);
        }
      }
      return results;
    }
  }

  private static Map<Route, ManagedChannel> open(
      EchoServers servers, Proxies proxies, CallThreads threads) {
    Map<Route, ManagedChannel> channels = new EnumMap<>(Route.class);
    for (Route route : Route.values()) {
      Optional<List<String>> addresses =
          route.proxy().isEmpty()
              ? Optional.of(servers.addresses())
              : proxies.address(route.proxy().get()).map(List::of);
      addresses.ifPresent(known -> channels.put(route, route.open(known, threads)));
    }
    return channels;
  }

  /** All routes in turn, so that what disturbs the machine for a while disturbs all alike. */
  private void measure(Map<Route, ManagedChannel> channels, LoadResults results)
      throws InterruptedException {
    List<Map.Entry<Route, ManagedChannel>> order = new ArrayList<>(channels.entrySet());
    Collections.shuffle(order);
    for (int inFlight : IN_FLIGHT) {
      for (Map.Entry<Route, ManagedChannel> each : order) {
        Load.run(each.getValue(), inFlight, plan.settling());
        Sample sample = Load.run(each.getValue(), inFlight, plan.measuring());
        results.add(each.getKey(), inFlight, sample);
      }
    }
  }
}
