package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Affinity;
import io.evenkeel.CallKeys;
import io.evenkeel.Endpoint;
import io.evenkeel.testkit.FakeSubchannel;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The policies that hash, in a balancer whose endpoints come and go. */
final class HashPoliciesTest {
  private static final int[] PORTS = IntStream.rangeClosed(1, 20).toArray();

  @ParameterizedTest
  @ValueSource(strings = {"ring_hash", "maglev", "rendezvous"})
  void pick_endpointLost_itsKeysStayTogetherAndOthersDoNotMove(String policy) {
    BalancerFixture fixture = readyUnder(policy, Map.of());
    List<PickResult> before = picksOfKeys(fixture);
    FakeSubchannel lost = (FakeSubchannel) subchannel(before.get(0));

    lost.idle();
    List<PickResult> during = picksOfKeys(fixture);

    for (int key = 0; key < during.size(); key++) {
      if (subchannel(before.get(key)) == lost) {
        assertThat(subchannel(during.get(key))).isNotSameAs(lost);
      } else {
        assertThat(during.get(key)).isSameAs(before.get(key));
      }
    }
    assertThat(picksOfKeys(fixture)).isEqualTo(during);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ring_hash", "maglev", "rendezvous"})
  void pick_endpointBack_keysComeHome(String policy) {
    BalancerFixture fixture = readyUnder(policy, Map.of());
    List<Object> before = subchannels(picksOfKeys(fixture));
    FakeSubchannel lost = (FakeSubchannel) before.get(0);

    lost.idle();
    fixture.passCoalescing();
    lost.ready();
    fixture.passCoalescing();

    assertThat(subchannels(picksOfKeys(fixture))).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ring_hash", "maglev", "rendezvous"})
  void pick_sessionWhenEndpointsAreAdded_stays(String policy) {
    BalancerFixture fixture = readyUnder(policy, Map.of());
    CallOptions session = CallOptions.DEFAULT.withOption(CallKeys.AFFINITY, new Affinity());
    Object first = subchannel(fixture.helper.pick(session));

    fixture.accept(IntStream.rangeClosed(1, 100).toArray());
    fixture.readyAll();
    fixture.passCoalescing();

    assertThat(subchannel(fixture.helper.pick(session))).isSameAs(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ring_hash", "maglev", "rendezvous"})
  void pick_bounded_endpointsOfOneBalancerShareOneSum(String policy) {
    BalancerFixture fixture = readyUnder(policy, Map.of("boundedLoadFactor", 1.25));
    List<Object> taken = new ArrayList<>();

    for (int call = 0; call < 160; call++) {
      PickResult result = fixture.helper.pick(key(7));
      Objects.requireNonNull(result.getStreamTracerFactory())
          .newClientStreamTracer(StreamInfo.newBuilder().build(), new Metadata());
      taken.add(subchannel(result));
    }

    // 1.25 times 160 / 20.
    assertThat(taken.stream().distinct())
        .allMatch(one -> taken.stream().filter(one::equals).count() <= 10)
        .hasSizeGreaterThanOrEqualTo(16);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ring_hash", "maglev", "rendezvous"})
  void pick_hashKeyInMetadata_followsTheEndpointToAnotherAddress(String policy) {
    BalancerFixture fixture = fixtureUnder(policy, Map.of());
    acceptShards(fixture, 100);
    List<Integer> before = ports(fixture);

    acceptShards(fixture, 200);

    assertThat(ports(fixture)).isEqualTo(before.stream().map(port -> port + 100).toList());
  }

  private static void acceptShards(BalancerFixture fixture, int firstPort) {
    fixture.accept(
        IntStream.range(0, 5)
            .mapToObj(
                shard ->
                    Endpoint.of(BalancerFixture.address(firstPort + shard))
                        .withMetadata(Map.of("hashKey", "shard-" + shard))
                        .toAddressGroup())
            .toList());
    fixture.helper.subchannels().stream()
        .filter(subchannel -> !subchannel.isShutdown())
        .forEach(FakeSubchannel::ready);
    fixture.passCoalescing();
  }

  private static List<Integer> ports(BalancerFixture fixture) {
    return picksOfKeys(fixture).stream()
        .map(result -> BalancerFixture.port((FakeSubchannel) subchannel(result)))
        .toList();
  }

  private static BalancerFixture fixtureUnder(String policy, Map<String, ?> settings) {
    return new BalancerFixture().config(Map.of("policy", Map.of(policy, settings)));
  }

  private static BalancerFixture readyUnder(String policy, Map<String, ?> settings) {
    BalancerFixture fixture = fixtureUnder(policy, settings);
    fixture.accept(PORTS);
    fixture.readyAll();
    fixture.passCoalescing();
    return fixture;
  }

  private static List<PickResult> picksOfKeys(BalancerFixture fixture) {
    return IntStream.range(0, 500).mapToObj(key -> fixture.helper.pick(key(key))).toList();
  }

  private static CallOptions key(long key) {
    return CallOptions.DEFAULT.withOption(CallKeys.HASH, key);
  }

  private static List<Object> subchannels(List<PickResult> results) {
    return results.stream().map(HashPoliciesTest::subchannel).toList();
  }

  private static Object subchannel(PickResult result) {
    return Objects.requireNonNull(result.getSubchannel());
  }
}
