package io.evenkeel.discovery;

import static io.evenkeel.discovery.ResolverHarness.setOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.DiscoveryStatus;
import io.evenkeel.Endpoint;
import io.evenkeel.backoff.Backoff;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DiscoveryNameResolverTest {
  private static final String TARGET = "target \"test:///orders?debounce=0ms&maxDrop=100%25\": ";

  private final ResolverHarness harness = new ResolverHarness();

  @Test
  void start_firstList_reachesTheChannel() {
    harness.discovery.answer = setOf(1, 2);

    harness.start();

    assertThat(harness.channel.lists).containsExactly(setOf(1, 2).endpoints());
  }

  @Test
  void onEndpoints_sameListAgain_isNotPassedOn() {
    harness.discovery.answer = setOf(1, 2);
    harness.start();

    harness.discovery.say(setOf(1, 2));

    assertThat(harness.channel.lists).hasSize(1);
  }

  @Test
  void onEndpoints_onlyWeightChanged_isPassedOn() {
    harness.discovery.answer = setOf(1);
    harness.start();

    Endpoint heavier = setOf(1).endpoints().get(0).withWeight(7);
    harness.discovery.say(EndpointSet.of(List.of(heavier)));

    assertThat(harness.channel.lists).last().isEqualTo(List.of(heavier));
  }

  @Test
  void onEndpoints_emptyAfterGood_keepsTheGoodList() {
    harness.discovery.answer = setOf(1, 2);
    harness.start();

    harness.discovery.say(setOf());

    assertThat(harness.channel.lists).hasSize(1);
    assertThat(harness.channel.errors).isEmpty();
    assertThat(harness.logged).containsExactly(TARGET + "no endpoints (keeping 2 known endpoints)");
  }

  @Test
  void onError_afterGood_keepsTheGoodListAndAsksAgain() {
    harness.discovery.answer = setOf(1, 2);
    harness.start();

    harness.discovery.fail("registry is down");
    harness.clock.advance(Backoff.FIRST);

    assertThat(harness.channel.errors).isEmpty();
    assertThat(harness.discovery.questions).isEqualTo(2);
  }

  @Test
  void onError_beforeAnyList_reachesTheChannelWithTheTarget() {
    harness.start();

    harness.discovery.fail("registry is down");

    assertThat(harness.channel.errors).hasSize(1);
    Status error = harness.channel.errors.get(0);
    assertThat(error.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(error.getDescription()).isEqualTo(TARGET + "registry is down");
  }

  @Test
  void onEndpoints_emptyBeforeAnyList_saysWhatWasLeftOut() {
    harness.start();

    harness.discovery.say(setOf().withProblems(List.of("entry 1 has no port")));

    assertThat(harness.channel.errors.get(0).getDescription())
        .isEqualTo(TARGET + "no endpoints: entry 1 has no port");
  }

  @Test
  void start_discoveryThrows_isAnErrorToTheChannel() {
    harness.discovery.failure = new IllegalStateException("boom");

    harness.start();

    assertThat(harness.channel.errors.get(0).getDescription()).contains("boom");
  }

  @Test
  void start_noAnswer_isAnErrorAfterTheTimeout() {
    harness.start();

    harness.clock.advance(Supervision.SELF_POLLING.answerTimeout());

    assertThat(harness.channel.errors.get(0).getDescription()).contains("no answer within 15 s");
  }

  @Test
  void onError_manyTimes_waitsGrowToTheirBound() {
    harness.start();
    for (int i = 0; i < 20; i++) {
      harness.discovery.fail("down");
      harness.clock.advance(Supervision.DEFAULT.maxBackoff());
    }
    int before = harness.discovery.questions;

    harness.discovery.fail("down");
    harness.clock.advance(Supervision.DEFAULT.maxBackoff().minusMillis(1));
    int early = harness.discovery.questions;
    harness.clock.advance(Duration.ofMillis(1));

    assertThat(early).isEqualTo(before);
    assertThat(harness.discovery.questions).isEqualTo(before + 1);
  }

  @Test
  void refresh_rightAfterALook_isPutOffNotDropped() {
    harness.discovery.answer = setOf(1);
    NameResolver resolver = harness.start();

    harness.refresh(resolver);
    int atOnce = harness.discovery.questions;
    harness.clock.advance(RefreshPacer.MIN_INTERVAL);

    assertThat(atOnce).isEqualTo(1);
    assertThat(harness.discovery.questions).isEqualTo(2);
  }

  @Test
  void refresh_manyTimes_asksOncePerInterval() {
    harness.discovery.answer = setOf(1);
    NameResolver resolver = harness.start();

    for (int i = 0; i < 1_000; i++) {
      harness.refresh(resolver);
    }
    harness.clock.advance(RefreshPacer.MIN_INTERVAL.multipliedBy(10));

    assertThat(harness.discovery.questions).isEqualTo(2);
  }

  @Test
  void refresh_whileAnAnswerIsDue_asksAgainAfterIt() {
    NameResolver resolver = harness.start();

    harness.refresh(resolver);
    harness.discovery.say(setOf(1));
    harness.clock.advance(RefreshPacer.MIN_INTERVAL);

    assertThat(harness.discovery.questions).isEqualTo(2);
  }

  @Test
  void onEndpoints_refusedByTheChannel_isOfferedAgain() {
    harness.discovery.answer = setOf(1);
    harness.channel.verdict = Status.UNAVAILABLE;
    harness.start();

    harness.channel.verdict = Status.OK;
    harness.clock.advance(Backoff.FIRST.multipliedBy(2));

    assertThat(harness.channel.lists).hasSize(2);
  }

  @Test
  void onEndpoints_incomplete_asksAgain() {
    harness.discovery.answer =
        new EndpointSet(setOf(1).endpoints(), List.of(), null, Authority.SERVICE, false);

    harness.start();
    harness.clock.advance(Backoff.FIRST);

    assertThat(harness.channel.lists).hasSize(1);
    assertThat(harness.discovery.questions).isEqualTo(2);
  }

  @Test
  void onEndpoints_sameProblemsEachTime_areLoggedOnce() {
    harness.discovery.answer = setOf(1).withProblems(List.of("entry 2 is malformed"));
    harness.start();

    harness.discovery.say(setOf(1).withProblems(List.of("entry 2 is malformed")));

    assertThat(harness.logged).containsExactly(TARGET + "entry 2 is malformed");
  }

  @Test
  void onEndpoints_serviceConfig_isParsedForTheChannel() {
    harness.discovery.answer = setOf(1).withServiceConfig(Map.of("loadBalancingPolicy", "x"));

    harness.start();

    assertThat(harness.channel.configs.get(0).getConfig())
        .isEqualTo(Map.of("loadBalancingPolicy", "x"));
  }

  @Test
  void onEndpoints_endpointsProveTheirOwnName_carryItAsAuthority() throws Exception {
    Endpoint named = localhost(8080);
    harness.discovery.answer = EndpointSet.of(List.of(named)).withAuthority(Authority.ENDPOINT);

    harness.start();

    assertThat(authorityOverride()).isEqualTo("localhost:8080");
  }

  @Test
  void onEndpoints_channelOverridesTheAuthority_endpointsDoNot() throws Exception {
    Endpoint named = localhost(8080);
    harness.discovery.answer = EndpointSet.of(List.of(named)).withAuthority(Authority.ENDPOINT);
    harness.overrideAuthority("orders.example");

    harness.start();

    assertThat(authorityOverride()).isNull();
  }

  @Test
  void onEndpoints_serviceProvesTheName_noEndpointOverridesIt() {
    harness.discovery.answer = setOf(1);

    harness.start();

    assertThat(authorityOverride()).isNull();
  }

  @Test
  void shutdown_whileARetryIsDue_leavesNoTimer() {
    NameResolver resolver = harness.start();
    harness.discovery.fail("down");

    harness.shutdown(resolver);

    assertThat(harness.clock.waiting()).isZero();
  }

  @Test
  void shutdown_twice_closesTheDiscoveryOnce() {
    NameResolver resolver = harness.start();

    harness.shutdown(resolver);
    harness.shutdown(resolver);

    assertThat(harness.discovery.closes).isEqualTo(1);
  }

  @Test
  void onEndpoints_afterShutdown_isIgnored() {
    NameResolver resolver = harness.start();
    harness.shutdown(resolver);

    harness.discovery.say(setOf(1));

    assertThat(harness.channel.lists).isEmpty();
    assertThat(harness.clock.waiting()).isZero();
  }

  @Test
  void onEndpoints_listRefusedThenReplaced_isNotOfferedAgain() {
    harness.discovery.answer = setOf(1);
    harness.channel.verdict = Status.UNAVAILABLE;
    harness.start();

    harness.channel.verdict = Status.OK;
    harness.discovery.answer = setOf(2);
    harness.discovery.say(setOf(2));
    harness.clock.advance(Supervision.DEFAULT.maxBackoff());

    assertThat(harness.channel.lists).containsExactly(setOf(1).endpoints(), setOf(2).endpoints());
  }

  @Test
  void onEndpoints_anyList_carriesTheStatusOfItsDiscovery() {
    harness.discovery.answer = setOf(1);

    harness.start();

    assertThat(harness.channel.attributes.get(DiscoveryStatus.KEY).snapshot().stale()).isFalse();
  }

  private @Nullable String authorityOverride() {
    return harness
        .channel
        .groups
        .get(0)
        .getAttributes()
        .get(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE);
  }

  private static Endpoint localhost(int port) throws UnknownHostException {
    InetAddress resolved = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
    return Endpoint.of(new InetSocketAddress(resolved, port));
  }
}
