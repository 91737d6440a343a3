package io.evenkeel.policy.hash;

import static io.evenkeel.policy.hash.HashFleet.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Affinity;
import io.evenkeel.CallKeys;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.hash.HashFleet.Member;
import io.evenkeel.policy.ringhash.RingHashPolicyProvider;
import io.evenkeel.testkit.FakeHelper;
import io.grpc.CallOptions;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class HashPickerTest {

  @Test
  void pick_textInHeaderOrOption_goesToTheSameEndpoint() {
    Picker picker = fleetThatReads("x-user-id").picker(100);

    for (int user = 0; user < 100; user++) {
      String text = "user-" + user;
      assertThat(picker.pick(callWithHeader("x-user-id", text)))
          .isSameAs(picker.pick(option(CallKeys.HASH_KEY, text)));
    }
  }

  @Test
  void pick_textsInHeader_spread() {
    Picker picker = fleetThatReads("x-user-id").picker(100);
    Set<Candidate> taken = new HashSet<>();

    for (int user = 0; user < 1000; user++) {
      taken.add(picker.pick(callWithHeader("x-user-id", "user-" + user)));
    }

    assertThat(taken).hasSizeGreaterThan(90);
  }

  @Test
  void pick_binaryHeader_isHashedToo() {
    Picker picker = fleetThatReads("shard-bin").picker(100);
    Metadata.Key<byte[]> key = Metadata.Key.of("shard-bin", Metadata.BINARY_BYTE_MARSHALLER);
    PickSubchannelArgs call = FakeHelper.call(CallOptions.DEFAULT);
    call.getHeaders().put(key, "user-1".getBytes(StandardCharsets.US_ASCII));

    assertThat(picker.pick(call)).isSameAs(picker.pick(option(CallKeys.HASH_KEY, "user-1")));
  }

  @Test
  void pick_headerSeveralTimes_lastCounts() {
    Picker picker = fleetThatReads("x-user-id").picker(100);
    PickSubchannelArgs call = callWithHeader("x-user-id", "first");
    call.getHeaders().put(Metadata.Key.of("x-user-id", Metadata.ASCII_STRING_MARSHALLER), "last");

    assertThat(picker.pick(call)).isSameAs(picker.pick(option(CallKeys.HASH_KEY, "last")));
  }

  @Test
  void pick_optionAndHeader_optionCounts() {
    Picker picker = fleetThatReads("x-user-id").picker(100);
    PickSubchannelArgs both = option(CallKeys.HASH, 7L);
    both.getHeaders().put(Metadata.Key.of("x-user-id", Metadata.ASCII_STRING_MARSHALLER), "user-1");

    assertThat(picker.pick(both)).isSameAs(picker.pick(call(7)));
  }

  @Test
  void pick_session_staysWhereItsFirstCallWentWhenEndpointsAreAdded() {
    HashFleet fleet = fleet();
    PickSubchannelArgs session = session();
    Candidate first = fleet.picker(2).pick(session);

    assertThat(fleet.picker(100).pick(session)).isSameAs(first);
  }

  @Test
  void pick_sessions_spread() {
    Picker picker = fleet().picker(10);
    Set<Candidate> taken = new HashSet<>();

    for (int i = 0; i < 200; i++) {
      taken.add(picker.pick(session()));
    }

    assertThat(taken).hasSize(10);
  }

  @Test
  void pick_sessionWithKey_startsWhereTheKeyBelongs() {
    Picker picker = fleet().picker(100);
    PickSubchannelArgs keyed =
        FakeHelper.call(
            CallOptions.DEFAULT
                .withOption(CallKeys.AFFINITY, new Affinity())
                .withOption(CallKeys.HASH, 7L));

    assertThat(picker.pick(keyed)).isSameAs(picker.pick(call(7)));
  }

  @Test
  void pick_endpointOfSessionRemoved_movesForGood() {
    HashFleet fleet = fleet();
    PickSubchannelArgs session = session();
    Member first = (Member) fleet.picker(3).pick(session);
    int[] others = without(fleet, first);

    Candidate second = fleet.picker(others, number -> 1).pick(session);

    assertThat(second).isNotSameAs(first);
    assertThat(fleet.picker(3).pick(session)).isSameAs(second);
  }

  @Test
  void pick_endpointOfSessionLostForAMoment_comesBackToIt() {
    HashFleet fleet = fleet();
    PickSubchannelArgs session = session();
    Picker picker = fleet.picker(10);
    Member first = (Member) picker.pick(session);

    first.setReady(false);
    Candidate meanwhile = picker.pick(session);

    assertThat(meanwhile).isNotSameAs(first).isSameAs(picker.pick(session));
    first.setReady(true);
    assertThat(picker.pick(session)).isSameAs(first);
  }

  @Test
  void pick_newSessionWhenNothingIsReady_isLeftOpen() {
    HashFleet fleet = fleet();
    Affinity affinity = new Affinity();
    fleet.member(0).setReady(false);

    fleet.picker(1).pick(option(CallKeys.AFFINITY, affinity));

    assertThat(affinity.endpoint()).isZero();
  }

  @Test
  void pick_endpointOfSessionFull_callGoesElsewhereAndSessionStays() {
    HashFleet fleet =
        new HashFleet(new RingHashPolicyProvider(), Map.of("boundedLoadFactor", 1.25));
    Picker picker = fleet.picker(10);
    Affinity affinity = new Affinity();
    Member first = (Member) picker.pick(option(CallKeys.AFFINITY, affinity));
    first.start();

    Candidate second = picker.pick(option(CallKeys.AFFINITY, affinity));

    assertThat(second).isNotSameAs(first);
    assertThat(affinity.endpoint()).isEqualTo(first.identity());
  }

  @Test
  void pick_sessionStartsOnManyThreads_allAgree() throws Exception {
    Picker picker = fleet().picker(1000);
    int threads = 8;
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 200; round++) {
        PickSubchannelArgs session = session();
        List<Future<Candidate>> picks = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          picks.add(
              pool.submit(
                  () -> {
                    start.await();
                    return picker.pick(session);
                  }));
        }
        Set<Candidate> taken = new HashSet<>();
        for (Future<Candidate> pick : picks) {
          taken.add(pick.get());
        }
        assertThat(taken).hasSize(1);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void explainedPick_key_saysWhereItWasFound() {
    Picker picker = fleetThatReads("x-user-id").picker(10);
    PickSubchannelArgs keyless = FakeHelper.call(CallOptions.DEFAULT);

    assertThat(reason(picker, call(7))).isEqualTo("call option HASH");
    assertThat(reason(picker, option(CallKeys.HASH_KEY, "secret")))
        .isEqualTo("call option HASH_KEY");
    assertThat(reason(picker, callWithHeader("x-user-id", "secret"))).isEqualTo("header x-user-id");
    assertThat(reason(picker, keyless)).isEqualTo("no key, so anywhere");
  }

  @Test
  void explainedPick_homeLostOrFull_saysWhich() {
    HashFleet fleet =
        new HashFleet(new RingHashPolicyProvider(), Map.of("boundedLoadFactor", 1.25));
    Picker picker = fleet.picker(10);
    Member home = (Member) picker.pick(call(7));

    home.start();
    assertThat(reason(picker, call(7))).isEqualTo("call option HASH, but " + home + " is full");
    home.setReady(false);
    assertThat(reason(picker, call(7)))
        .isEqualTo("call option HASH, but " + home + " is out of reach");
  }

  @Test
  void explainedPick_session_saysWhetherItBeginsOrStays() {
    Picker picker = fleet().picker(10);
    PickSubchannelArgs session = session();

    assertThat(reason(picker, session)).isEqualTo("a session that begins here");
    assertThat(reason(picker, session)).isEqualTo("its session");
    ((Member) picker.pick(session)).setReady(false);
    assertThat(reason(picker, session)).startsWith("its session, but endpoint:");
  }

  static PickSubchannelArgs callWithHeader(String name, String value) {
    PickSubchannelArgs call = FakeHelper.call(CallOptions.DEFAULT);
    call.getHeaders().put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    return call;
  }

  private static String reason(Picker picker, PickSubchannelArgs call) {
    return picker.explainedPick(call).reason();
  }

  private static int[] without(HashFleet fleet, Member left) {
    int[] others = new int[2];
    int at = 0;
    for (int number = 0; number < 3; number++) {
      if (fleet.member(number) != left) {
        others[at++] = number;
      }
    }
    return others;
  }

  private static PickSubchannelArgs session() {
    return option(CallKeys.AFFINITY, new Affinity());
  }

  private static <T> PickSubchannelArgs option(CallOptions.Key<T> key, T value) {
    return FakeHelper.call(CallOptions.DEFAULT.withOption(key, value));
  }

  private static HashFleet fleet() {
    return new HashFleet(new RingHashPolicyProvider(), Map.of());
  }

  private static HashFleet fleetThatReads(String header) {
    return new HashFleet(new RingHashPolicyProvider(), Map.of("header", header));
  }
}
