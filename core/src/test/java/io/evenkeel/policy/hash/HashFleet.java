package io.evenkeel.policy.hash;

import io.evenkeel.CallKeys;
import io.evenkeel.Endpoint;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.load.EndpointLoad;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Picks;
import io.evenkeel.policy.PolicyProvider;
import io.evenkeel.policy.Rotation;
import io.evenkeel.testkit.FakeHelper;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Endpoints without connections under a policy that hashes, and calls with keys for them. */
public final class HashFleet {
  private final List<Member> members = new ArrayList<>();
  private final HashPolicy policy;

  /** A fleet under the policy of {@code provider} with {@code settings}; chance is seeded. */
  public HashFleet(PolicyProvider provider, Map<String, ?> settings) {
    ConfigReader config = new ConfigReader(provider.name(), settings);
    SplittableRandom random = new SplittableRandom(1);
    policy = (HashPolicy) provider.configure(config).newPolicy(Picks.context(random));
    config.rejectUnknownFields();
  }

  /** What the endpoints carry together, as far as their load is bounded. */
  long sum() {
    return policy.sum().inFlight();
  }

  /** Ends the policy. */
  public void close() {
    policy.close();
  }

  /** The endpoint {@code number} of this fleet, always the same object. */
  public Member member(int number) {
    for (int i = members.size(); i <= number; i++) {
      members.add(new Member(Endpoint.of(InetSocketAddress.createUnresolved("endpoint", i))));
    }
    return members.get(number);
  }

  /** A picker for the endpoints {@code 0} to {@code size - 1}, all of the same weight. */
  public Picker picker(int size) {
    return picker(IntStream.range(0, size).toArray(), number -> 1);
  }

  /** A picker for the endpoints with these {@code numbers}, in this order. */
  public Picker picker(int[] numbers, IntToDoubleFunction weights) {
    return policy.newPicker(rotation(numbers, weights));
  }

  /** A rotation of the endpoints with these {@code numbers}, in this order. */
  public Rotation rotation(int[] numbers, IntToDoubleFunction weights) {
    return new Rotation(
        Arrays.stream(numbers).mapToObj(this::member).toList(),
        Arrays.stream(numbers).mapToDouble(weights).toArray());
  }

  /** The endpoints {@code 0} to {@code size - 1} as policies place them. */
  public Membership members(int size, IntToDoubleFunction weights) {
    return Membership.of(rotation(IntStream.range(0, size).toArray(), weights));
  }

  /** A call whose key is {@code number}. */
  public static PickSubchannelArgs call(long number) {
    return FakeHelper.call(CallOptions.DEFAULT.withOption(CallKeys.HASH, number));
  }

  /** Which endpoint takes each of the keys {@code 0} to {@code keys - 1}. */
  public static Candidate[] owners(Picker picker, int keys) {
    Candidate[] owners = new Candidate[keys];
    Arrays.setAll(owners, key -> picker.pick(call(key)));
    return owners;
  }

  /** How many places differ. */
  public static int moved(Candidate[] before, Candidate[] after) {
    int moved = 0;
    for (int i = 0; i < before.length; i++) {
      moved += before[i] == after[i] ? 0 : 1;
    }
    return moved;
  }

  /** How many keys each of the endpoints {@code 0} to {@code size - 1} takes. */
  public int[] shares(Candidate[] owners, int size) {
    int[] counts = new int[size];
    for (Candidate owner : owners) {
      counts[members.indexOf(owner)]++;
    }
    return counts;
  }

  /** An endpoint that is ready unless the test says otherwise. */
  public static final class Member implements Candidate {
    private final EndpointLoad load;
    private volatile Endpoint endpoint;
    private volatile boolean ready = true;
    private long identity;

    Member(Endpoint endpoint) {
      this.endpoint = endpoint;
      this.load = new EndpointLoad();
    }

    /** Takes calls no more, or again. */
    public void setReady(boolean ready) {
      this.ready = ready;
    }

    /** Is registered under another hash key. */
    public void setHashKey(String key) {
      endpoint = endpoint.withMetadata(Map.of("hashKey", key));
      identity = 0;
    }

    /** Starts a call here, which ends when the answer is closed. */
    public ClientStreamTracer start() {
      return load.newClientStreamTracer(StreamInfo.newBuilder().build(), new Metadata());
    }

    @Override
    public Endpoint endpoint() {
      return endpoint;
    }

    @Override
    public EndpointLoad load() {
      return load;
    }

    @Override
    public boolean ready() {
      return ready;
    }

    @Override
    public long identity() {
      identity = identity == 0 ? Candidate.super.identity() : identity;
      return identity;
    }

    @Override
    public String toString() {
      return endpoint.displayAddress();
    }
  }
}
