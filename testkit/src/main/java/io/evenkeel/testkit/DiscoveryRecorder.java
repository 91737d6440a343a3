package io.evenkeel.testkit;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.DiscoveryListener;
import io.evenkeel.discovery.EndpointSet;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Records what a discovery says, in order. Thread-safe. */
public final class DiscoveryRecorder implements DiscoveryListener {
  private final BlockingQueue<Object> said = new LinkedBlockingQueue<>();

  private final AtomicInteger errors = new AtomicInteger();

  @Override
  public void onEndpoints(EndpointSet endpoints) {
    said.add(endpoints);
  }

  @Override
  public void onError(Status status) {
    errors.incrementAndGet();
    said.add(status);
  }

  /** The next thing said; fails if that is no set, or too late. */
  public EndpointSet nextSet(Duration bound) throws InterruptedException {
    return (EndpointSet) next(bound);
  }

  /** The next thing said if that is a set; null if it is an error, or nothing in time. */
  public @Nullable EndpointSet nextSetIfAny(Duration bound) throws InterruptedException {
    Object next = said.poll(bound.toNanos(), TimeUnit.NANOSECONDS);
    return next instanceof EndpointSet set ? set : null;
  }

  /** The next thing said; fails if that is no error, or too late. */
  public Status nextError(Duration bound) throws InterruptedException {
    return (Status) next(bound);
  }

  private Object next(Duration bound) throws InterruptedException {
    Object next = said.poll(bound.toNanos(), TimeUnit.NANOSECONDS);
    if (next == null) {
      throw new AssertionError("nothing said within " + bound);
    }
    return next;
  }

  /** Waits for the set of endpoints with these ids. */
  public EndpointSet await(Duration bound, String... ids) throws InterruptedException {
    long end = System.nanoTime() + bound.toNanos();
    Object last = null;
    while (System.nanoTime() - end < 0) {
      Object next = said.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next instanceof EndpointSet set && ids(set).equals(List.of(ids))) {
        return set;
      }
      last = next == null ? last : next;
    }
    throw new AssertionError("not within " + bound + "; last: " + last);
  }

  /** Waits for an error, whatever sets come before it. */
  public Status awaitError(Duration bound) throws InterruptedException {
    long end = System.nanoTime() + bound.toNanos();
    while (System.nanoTime() - end < 0) {
      if (said.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS) instanceof Status error) {
        return error;
      }
    }
    throw new AssertionError("no error within " + bound);
  }

  /** How much was said and not yet taken. */
  public int size() {
    return said.size();
  }

  /** How many errors there were. */
  public int errors() {
    return errors.get();
  }

  /** The ids of the endpoints in {@code set}, in order. */
  public static List<String> ids(EndpointSet set) {
    return set.endpoints().stream().map(Endpoint::id).toList();
  }
}
