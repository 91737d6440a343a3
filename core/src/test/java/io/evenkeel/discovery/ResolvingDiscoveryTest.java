package io.evenkeel.discovery;

import static io.evenkeel.discovery.ResolverHarness.setOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.ResolverHarness.ScriptedDiscovery;
import io.evenkeel.testkit.FakeClock;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResolvingDiscoveryTest {
  private final FakeClock clock = new FakeClock();
  private final List<Runnable> offloaded = new ArrayList<>();
  private final Map<String, List<InetAddress>> names = new HashMap<>();
  private final List<EndpointSet> sets = new ArrayList<>();
  private final List<Status> errors = new ArrayList<>();
  private final ScriptedDiscovery source = new ScriptedDiscovery();
  private final ResolvingDiscovery discovery =
      new ResolvingDiscovery(
          source, new DiscoveryContext(offloaded::add, clock, clock, () -> 0.5), this::addressesOf);

  @Test
  void onEndpoints_noNames_passesAtOnce() {
    start(setOf(1));

    assertThat(sets).containsExactly(setOf(1));
    assertThat(offloaded).isEmpty();
  }

  @Test
  void onEndpoints_nameOfTwoAddresses_makesOneEndpoint() throws Exception {
    names.put("both.example", List.of(address(127, 0, 0, 1), address(127, 0, 0, 2)));

    start(named("both.example"));
    runOffloaded();

    assertThat(sets).hasSize(1);
    assertThat(sets.get(0).endpoints()).hasSize(1);
    assertThat(sets.get(0).endpoints().get(0).displayAddress())
        .isEqualTo("127.0.0.1:80|127.0.0.2:80");
    assertThat(sets.get(0).complete()).isTrue();
  }

  @Test
  void onEndpoints_oneNameUnknown_theOthersServe() throws Exception {
    names.put("good.example", List.of(address(127, 0, 0, 1)));

    start(named("bad.example", "good.example"));
    runOffloaded();

    assertThat(sets.get(0).endpoints()).extracting(Endpoint::id).containsExactly("good.example:80");
    assertThat(sets.get(0).complete()).isFalse();
    assertThat(sets.get(0).problems())
        .containsExactly(
            "endpoint \"bad.example:80\": host name does not resolve (bad.example: unknown)");
  }

  @Test
  void refresh_nameThatResolvedBeforeFails_keepsItsAddresses() throws Exception {
    names.put("good.example", List.of(address(127, 0, 0, 1)));
    start(named("good.example"));
    runOffloaded();

    names.clear();
    discovery.refresh();
    runOffloaded();

    assertThat(sets.get(1).endpoints()).isEqualTo(sets.get(0).endpoints());
    assertThat(sets.get(1).complete()).isFalse();
  }

  @Test
  void onEndpoints_slowName_holdsTheOthersUpForASecond() {
    List<Endpoint> mixed = new ArrayList<>(setOf(1).endpoints());
    mixed.addAll(named("slow.example").endpoints());

    start(EndpointSet.of(mixed));
    int before = sets.size();
    clock.advance(Duration.ofSeconds(1));

    assertThat(before).isZero();
    assertThat(sets.get(0).endpoints()).isEqualTo(setOf(1).endpoints());
    assertThat(sets.get(0).complete()).isFalse();
  }

  @Test
  void onEndpoints_onlySlowNames_saysNothingYet() {
    start(named("slow.example"));

    clock.advance(Duration.ofSeconds(5));

    assertThat(sets).isEmpty();
  }

  @Test
  void onEndpoints_newSetWhileLookingUp_replacesTheOld() throws Exception {
    names.put("old.example", List.of(address(127, 0, 0, 1)));
    start(named("old.example"));

    source.say(setOf(1));
    runOffloaded();

    assertThat(sets).containsExactly(setOf(1));
  }

  @Test
  void onEndpoints_manyNames_areLookedUpSixteenAtATime() {
    String[] many = IntStream.range(0, 500).mapToObj(i -> "n" + i).toArray(String[]::new);

    start(named(many));

    assertThat(offloaded).hasSize(16);
  }

  @Test
  void close_whileLookingUp_leavesNoTimerAndSaysNothing() throws Exception {
    names.put("a.example", List.of(address(127, 0, 0, 1)));
    start(named("a.example"));

    discovery.close();
    runOffloaded();

    assertThat(clock.waiting()).isZero();
    assertThat(sets).isEmpty();
  }

  @Test
  void onError_ofTheSource_isPassedOn() {
    start(setOf(1));

    source.fail("down");

    assertThat(errors).hasSize(1);
  }

  private void start(EndpointSet answer) {
    source.answer = answer;
    discovery.start(
        new DiscoveryListener() {
          @Override
          public void onEndpoints(EndpointSet endpoints) {
            sets.add(endpoints);
          }

          @Override
          public void onError(Status status) {
            errors.add(status);
          }
        });
  }

  private void runOffloaded() {
    List<Runnable> tasks = List.copyOf(offloaded);
    offloaded.clear();
    tasks.forEach(Runnable::run);
  }

  private List<InetAddress> addressesOf(String host) throws UnknownHostException {
    List<InetAddress> addresses = names.get(host);
    if (addresses == null) {
      throw new UnknownHostException(host + ": unknown");
    }
    return addresses;
  }

  private static EndpointSet named(String... hosts) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String host : hosts) {
      endpoints.add(Endpoint.of(InetSocketAddress.createUnresolved(host, 80)));
    }
    return EndpointSet.of(endpoints);
  }

  private static InetAddress address(int... bytes) throws UnknownHostException {
    byte[] raw = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      raw[i] = (byte) bytes[i];
    }
    return InetAddress.getByAddress(raw);
  }
}
