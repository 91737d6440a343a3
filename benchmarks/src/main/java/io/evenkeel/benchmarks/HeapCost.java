package io.evenkeel.benchmarks;

import io.evenkeel.testkit.FakeHelper;
import io.grpc.ClientStreamTracer;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Metadata;
import io.grpc.Status;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The heap that a balancer holds for each of its endpoints, over what the channel holds for them
 * anyway. That is its connections, their statistics once calls have run, the list it was given, and
 * the picker; without the addresses and the subchannels.
 */
final class HeapCost {
  /**
   * Endpoints that are held at the same time, in as many fleets as it takes: what else the JVM
   * keeps or drops meanwhile, some kilobytes, is then less than a byte for each.
   */
  private static final int HELD = 10_000;

  /** Some endpoints are never reached: grpc-java's ring has no room for all of ten thousand. */
  private static final int MAX_CALLS_PER_ENDPOINT = 100;

  /** The serial collector leaves up to 5 % of garbage in place but at every fourth collection. */
  private static final int COLLECTIONS = 5;

  private static final ClientStreamTracer.StreamInfo STREAM =
      ClientStreamTracer.StreamInfo.newBuilder().build();

  private HeapCost() {}

  /** Measures {@code subject} over {@code endpoints} that are READY and have answered calls. */
  static double bytesPerEndpoint(Subject subject, int endpoints) {
    int fleets = Math.max(1, HELD / endpoints);
    long balanced = retained(fleets, () -> used(subject, endpoints));
    int connected = Fleet.ready(subject, endpoints).helper().subchannels().size();
    long bare = retained(fleets, () -> withoutBalancer(subject, endpoints, connected));
    return (double) (balanced - bare) / fleets / endpoints;
  }

  /** A fleet of which each endpoint has answered, those of little weight too. */
  private static Fleet used(Subject subject, int endpoints) {
    Fleet fleet = Fleet.ready(subject, endpoints);
    Set<Object> answered = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < MAX_CALLS_PER_ENDPOINT * endpoints && answered.size() < endpoints; i++) {
      PickResult result = fleet.pick(Calls.ofUser(i));
      ClientStreamTracer.Factory factory = result.getStreamTracerFactory();
      if (factory != null) {
        factory.newClientStreamTracer(STREAM, new Metadata()).streamClosed(Status.OK);
      }
      if (result.getSubchannel() != null) {
        answered.add(result.getSubchannel());
      }
    }
    return fleet;
  }

  /** What a channel has that was told to connect to so many endpoints, but not by a balancer. */
  private static FakeHelper withoutBalancer(Subject subject, int endpoints, int connected) {
    FakeHelper helper = new FakeHelper();
    for (EquivalentAddressGroup group : Fleet.addresses(subject, endpoints).subList(0, connected)) {
      helper.createSubchannel(CreateSubchannelArgs.newBuilder().setAddresses(group).build());
    }
    return helper;
  }

  private static long retained(int count, Supplier<?> maker) {
    List<Object> held = new ArrayList<>(count + 1);
    // The first one loads classes and fills caches, which is no cost of the endpoints.
    held.add(maker.get());
    long before = usedHeap();
    try {
      for (int i = 0; i < count; i++) {
        held.add(maker.get());
      }
      return usedHeap() - before;
    } finally {
      Reference.reachabilityFence(held);
    }
  }

  /** The heap that reachable objects take. */
  private static long usedHeap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
      least = Math.min(least, used);
    }
    return least;
  }
}
