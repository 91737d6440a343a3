package io.evenkeel.guard;

import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.PacedCalls;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Which calls come to which server, and when. Calls are counted by their numbers and times by how
 * many calls were started meanwhile, so a machine that pauses changes nothing. Thread-safe.
 */
final class Arrivals {
  private final PacedCalls calls;
  private final Map<String, Collection<Integer>> numbers = new ConcurrentHashMap<>();
  private final AtomicInteger longestWait = new AtomicInteger();

  Arrivals(PacedCalls calls) {
    this.calls = calls;
  }

  /** Notes the calls of {@code servers} from now on, which they answer. */
  void watch(EchoServer... servers) {
    for (EchoServer server : servers) {
      Collection<Integer> own = new ConcurrentLinkedQueue<>();
      numbers.put(server.name(), own);
      server.behave(
          (request, answer) -> {
            int number = Integer.parseInt(request);
            own.add(number);
            longestWait.accumulateAndGet(calls.started() - number, Math::max);
            server.succeed(answer);
          });
    }
  }

  /** How many of the calls that were started after {@code number} have come to {@code servers}. */
  long since(int number, EchoServer... servers) {
    return Stream.of(servers)
        .flatMap(server -> numbers.getOrDefault(server.name(), List.of()).stream())
        .filter(each -> each > number)
        .count();
  }

  /** How many calls were started, at most, between a call's start and its arrival. */
  int longestWait() {
    return longestWait.get();
  }

  /** How many of {@code window} calls in a row came to one server, at most. */
  int most(int window) {
    return numbers.values().stream().mapToInt(own -> most(own, window)).max().orElse(0);
  }

  private static int most(Collection<Integer> numbers, int window) {
    int[] sorted = numbers.stream().mapToInt(Integer::intValue).sorted().toArray();
    int most = 0;
    int first = 0;
    for (int last = 0; last < sorted.length; last++) {
      while (sorted[last] - sorted[first] >= window) {
        first++;
      }
      most = Math.max(most, last - first + 1);
    }
    return most;
  }
}
