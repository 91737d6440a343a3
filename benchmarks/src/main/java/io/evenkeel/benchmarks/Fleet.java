package io.evenkeel.benchmarks;

import io.evenkeel.Endpoint;
import io.evenkeel.testkit.FakeHelper;
import io.evenkeel.testkit.FakeSubchannel;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.ResolvedAddresses;
import io.grpc.LoadBalancerProvider;
import io.grpc.Metadata;
import io.grpc.NameResolver.ConfigOrError;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** One balancer over many endpoints without a network, driven through gRPC's public interface. */
final class Fleet {
  private static final int PORT = 8080;
  private static final int CALLS_WITHOUT_NEWS = 20_000;
  private static final int HEAVY_EVERY = 20;
  private static final int HEAVY_WEIGHT = 100;

  private final Subject subject;
  private final FakeHelper helper = new FakeHelper();
  private final LoadBalancer balancer;
  private final Object config;

  Fleet(Subject subject) {
    this.subject = subject;
    LoadBalancerProvider provider = Peers.plain(subject.policy);
    ConfigOrError parsed = provider.parseLoadBalancingPolicyConfig(subject.config);
    if (parsed == null || parsed.getError() != null) {
      throw new IllegalStateException(subject + ": " + parsed);
    }
    config = parsed.getConfig();
    balancer = provider.newLoadBalancer(helper);
  }

  /** A fleet of {@code size}, all READY, weights known. */
  static Fleet ready(Subject subject, int size) {
    Fleet fleet = new Fleet(subject);
    fleet.accept(addresses(subject, size));
    fleet.allReady();
    fleet.settle();
    if (subject.weights == Subject.Weights.REPORTED
        || subject.weights == Subject.Weights.MEASURED) {
      fleet.callEach(size);
    }
    return fleet;
  }

  FakeHelper helper() {
    return helper;
  }

  PickResult pick(PickSubchannelArgs call) {
    return helper.pick(call);
  }

  /** What discovery brings, with weights for a subject that takes them from there. */
  static List<EquivalentAddressGroup> addresses(Subject subject, int size) {
    List<EquivalentAddressGroup> addresses = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      EquivalentAddressGroup plain = new EquivalentAddressGroup(address(i));
      boolean weighted = subject.weights == Subject.Weights.STATIC;
      addresses.add(weighted ? Endpoint.of(plain).withWeight(weight(i)).toAddressGroup() : plain);
    }
    return addresses;
  }

  void accept(List<EquivalentAddressGroup> addresses) {
    ResolvedAddresses resolved =
        ResolvedAddresses.newBuilder()
            .setAddresses(addresses)
            .setAttributes(Attributes.EMPTY)
            .setLoadBalancingPolicyConfig(config)
            .build();
    helper.run(
        () -> {
          Status accepted = balancer.acceptResolvedAddresses(resolved);
          if (!accepted.isOk()) {
            throw new IllegalStateException(accepted.toString());
          }
        });
  }

  /** One after the other, as connections come up. */
  void allReady() {
    if (subject.connectsOnDemand()) {
      reachedReady();
      return;
    }
    // One that is up makes room for the next to be connected, so there are more meanwhile.
    for (int i = 0; i < helper.subchannels().size(); i++) {
      FakeSubchannel subchannel = helper.subchannels().get(i);
      subchannel.connecting();
      subchannel.ready();
    }
  }

  /** Makes calls until they reach no new endpoint any more. */
  private void reachedReady() {
    int ready = 0;
    int quiet = 0;
    for (int user = 0; quiet < CALLS_WITHOUT_NEWS; user++) {
      pick(Calls.ofUser(user));
      quiet = ready == helper.subchannels().size() ? quiet + 1 : 0;
      for (; ready < helper.subchannels().size(); ready++) {
        helper.subchannels().get(ready).connecting();
        helper.subchannels().get(ready).ready();
      }
    }
  }

  /** Lets what is coalesced be published, also where making rotations takes long. */
  void settle() {
    helper.clock().advance(Duration.ofMillis(200));
  }

  void shutdown() {
    helper.run(balancer::shutdown);
  }

  /** A few endpoints weigh much more than the rest: the hard case for schedules. */
  private static int weight(int index) {
    return index % HEAVY_EVERY == 0 ? HEAVY_WEIGHT : 1;
  }

  private static InetSocketAddress address(int index) {
    byte[] ip = {10, (byte) (index >> 16), (byte) (index >> 8), (byte) index};
    try {
      return new InetSocketAddress(InetAddress.getByAddress(ip), PORT);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Ends one call on each endpoint with a load report in its trailers, then lets the balancer
   * compute its weights.
   */
  private void callEach(int size) {
    Set<Object> reported = Collections.newSetFromMap(new IdentityHashMap<>());
    PickSubchannelArgs call = FakeHelper.call(CallOptions.DEFAULT);
    while (reported.size() < size) {
      PickResult result = pick(call);
      if (reported.add(Objects.requireNonNull(result.getSubchannel()))) {
        ClientStreamTracer tracer =
            Objects.requireNonNull(result.getStreamTracerFactory())
                .newClientStreamTracer(
                    ClientStreamTracer.StreamInfo.newBuilder().build(), new Metadata());
        tracer.streamCreated(Attributes.EMPTY, new Metadata());
        tracer.inboundTrailers(LoadReport.trailers(1_000.0 * weight(reported.size() - 1)));
        tracer.streamClosed(Status.OK);
      }
    }
    helper.clock().advance(Duration.ofSeconds(2));
  }
}
