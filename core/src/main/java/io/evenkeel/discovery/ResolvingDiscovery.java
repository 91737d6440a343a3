package io.evenkeel.discovery;

import io.evenkeel.Endpoint;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the host names that another discovery leaves unresolved.
 *
 * <p>All addresses of one name make one endpoint of several addresses. A name that does not resolve
 * leaves its endpoint out and makes the set incomplete, unless it resolved before. A slow name
 * holds the others up for a second at most. A set without names passes at once.
 *
 * <p>State belongs to {@code serial}; lookups run on the offload executor.
 */
final class ResolvingDiscovery implements Discovery {
  /** Names looked up at the same time. */
  private static final int LOOKUPS_AT_ONCE = 16;

  /** After this long, and each time again, what is known so far is passed on. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Discovery source;
  private final DiscoveryContext context;
  private final NameLookup lookup;
  private final SynchronizationContext serial;
  private final Map<String, List<InetAddress>> known = new HashMap<>();
  private @Nullable DiscoveryListener listener;
  private @Nullable Round current;
  private volatile boolean closed;

  ResolvingDiscovery(Discovery source, DiscoveryContext context, NameLookup lookup) {
    this.source = source;
    this.context = context;
    this.lookup = lookup;
    this.serial =
        new SynchronizationContext(
            (thread, e) ->
                tell(
                    Status.UNAVAILABLE
                        .withDescription("looking host names up failed: " + e)
                        .withCause(e),
                    Duration.ZERO));
  }

  @Override
  public void start(DiscoveryListener listener) {
    this.listener = listener;
    source.start(new Inbox());
  }

  @Override
  public void refresh() {
    source.refresh();
  }

  @Override
  public void close() {
    closed = true;
    source.close();
    serial.execute(this::endRound);
  }

  private void begin(EndpointSet set) {
    endRound();
    if (closed) {
      return;
    }
    Set<String> names = namesIn(set);
    known.keySet().retainAll(names);
    if (names.isEmpty()) {
      publish(set);
      return;
    }
    Round round = new Round(set, names);
    current = round;
    round.timer =
        context
            .scheduler()
            .scheduleWithFixedDelay(
                () -> serial.execute(() -> publishProgress(round)),
                PATIENCE_NANOS,
                PATIENCE_NANOS,
                TimeUnit.NANOSECONDS);
    for (int i = 0; i < Math.min(LOOKUPS_AT_ONCE, names.size()); i++) {
      context.offloadExecutor().execute(() -> work(round));
    }
  }

  /** Blocks; runs on the offload executor. */
  private void work(Round round) {
    for (String name = round.todo.poll(); name != null; name = round.todo.poll()) {
      if (round.over || closed) {
        return;
      }
      String host = name;
      try {
        List<InetAddress> addresses = lookup.addressesOf(host);
        serial.execute(() -> resolved(round, host, addresses));
      } catch (UnknownHostException | RuntimeException e) {
        serial.execute(() -> unresolved(round, host, e));
      }
    }
  }

  private void resolved(Round round, String host, List<InetAddress> addresses) {
    known.put(host, addresses);
    round.failures.remove(host);
    advance(round, host);
  }

  private void unresolved(Round round, String host, Exception e) {
    round.failures.put(host, "host name does not resolve (" + e.getMessage() + ")");
    advance(round, host);
  }

  private void advance(Round round, String host) {
    round.pending.remove(host);
    round.progress = true;
    if (round.pending.isEmpty() && !round.over) {
      endRound();
      publish(gather(round));
    }
  }

  private void publishProgress(Round round) {
    if (!round.progress || round.over) {
      return;
    }
    round.progress = false;
    EndpointSet soFar = gather(round);
    // An empty list would fail calls that the next answer may still serve.
    if (!soFar.endpoints().isEmpty()) {
      publish(soFar);
    }
  }

  private void endRound() {
    if (current != null) {
      current.over = true;
      if (current.timer != null) {
        current.timer.cancel(false);
      }
      current = null;
    }
  }

  private void publish(EndpointSet set) {
    if (listener != null && !closed) {
      listener.onEndpoints(set);
    }
  }

  private EndpointSet gather(Round round) {
    List<String> problems = new ArrayList<>(round.set.problems());
    List<Endpoint> endpoints = new ArrayList<>();
    for (Endpoint endpoint : round.set.endpoints()) {
      List<SocketAddress> addresses = addressesOf(endpoint, round, problems);
      if (!addresses.isEmpty()) {
        endpoints.add(endpoint.withAddresses(addresses));
      }
    }
    boolean complete = round.set.complete() && round.pending.isEmpty() && round.failures.isEmpty();
    return new EndpointSet(
        endpoints, problems, round.set.serviceConfig(), round.set.authority(), complete);
  }

  private List<SocketAddress> addressesOf(Endpoint endpoint, Round round, List<String> problems) {
    List<SocketAddress> addresses = new ArrayList<>();
    for (SocketAddress address : endpoint.addresses()) {
      if (!(address instanceof InetSocketAddress inet) || !inet.isUnresolved()) {
        addresses.add(address);
        continue;
      }
      for (InetAddress found : known.getOrDefault(inet.getHostString(), List.of())) {
        addresses.add(new InetSocketAddress(found, inet.getPort()));
      }
      String failure = round.problemOf(inet.getHostString());
      if (failure != null) {
        problems.add("endpoint \"" + endpoint.id() + "\": " + failure);
      }
    }
    return addresses;
  }

  private void tell(Status status, Duration rest) {
    if (listener != null && !closed) {
      listener.onError(status, rest);
    }
  }

  private static Set<String> namesIn(EndpointSet set) {
    Set<String> names = new LinkedHashSet<>();
    for (Endpoint endpoint : set.endpoints()) {
      for (SocketAddress address : endpoint.addresses()) {
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
          names.add(inet.getHostString());
        }
      }
    }
    return names;
  }

  /** The lookups for one set. A newer set ends it. */
  private static final class Round {
    final EndpointSet set;
    final Queue<String> todo;
    final Set<String> pending;
    final Map<String, String> failures = new HashMap<>();
    @Nullable Future<?> timer;
    boolean progress = true;
    volatile boolean over;

    Round(EndpointSet set, Set<String> names) {
      this.set = set;
      this.todo = new ConcurrentLinkedQueue<>(names);
      this.pending = names;
    }

    @Nullable String problemOf(String host) {
      return pending.contains(host) ? "host name is still being looked up" : failures.get(host);
    }
  }

  private final class Inbox implements DiscoveryListener {
    @Override
    public void onEndpoints(EndpointSet endpoints) {
      serial.execute(
          () -> {
            try {
              begin(endpoints);
            } catch (RejectedExecutionException channelIsShut) {
              endRound();
            }
          });
    }

    @Override
    public void onError(Status status) {
      onError(status, Duration.ZERO);
    }

    @Override
    public void onError(Status status, Duration rest) {
      serial.execute(() -> tell(status, rest));
    }
  }
}
