package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.BalancerView;
import io.evenkeel.Evenkeel;
import io.evenkeel.PickRecord;
import io.evenkeel.PickRecord.Kind;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.ExplainedPick;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Rotation;
import io.evenkeel.testkit.FakeHelper;
import io.evenkeel.testkit.FakeSubchannel;
import io.grpc.CallOptions;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is written down of picks, and that nothing is when nobody asks. */
final class ExplainedPicksTest {
  private final TestPolicy policy = TestPolicy.register("explained_picks");

  @AfterEach
  void forgetPolicy() {
    policy.forget();
  }

  @Test
  void picks_nobodyAsked_areNotWrittenDown() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2);

    fixture.picks(5);

    assertThat(fixture.helper.picker()).isInstanceOf(RotationPicker.class);
    assertThat(fixture.snapshot().picks()).isEmpty();
  }

  @Test
  void picks_asked_tellMethodEndpointKindReasonAndOthers() {
    BalancerFixture fixture = ready(rotation -> new FirstOf(rotation), 1, 2);

    fixture.pick();

    PickRecord pick = onlyPick(fixture);
    assertThat(pick.method()).isEqualTo("grpc.health.v1.Health/Check");
    assertThat(pick.endpoint().orElseThrow().displayAddress()).isEqualTo("127.0.0.1:1");
    assertThat(pick.kind()).isEqualTo(Kind.FIRST_CHOICE);
    assertThat(pick.reason()).isEqualTo("the first of 2");
    assertThat(pick.others()).isEqualTo("127.0.0.1:2: 0 in flight");
    assertThat(pick.at()).isAfterOrEqualTo(BalancerFixture.START);
  }

  @Test
  void picks_moreThanAsked_keepTheLast() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2, 3);
    fixture.live.get(0).explainPicks(2);
    List<Integer> ports = fixture.picks(5);

    List<String> kept =
        fixture.snapshot().picks().stream()
            .map(pick -> pick.endpoint().orElseThrow().displayAddress())
            .toList();

    assertThat(kept).containsExactly("127.0.0.1:" + ports.get(3), "127.0.0.1:" + ports.get(4));
  }

  @Test
  void picks_explained_goWhereUnexplainedOnesGo() {
    BalancerFixture plain = BalancerFixture.readyOn(1, 2, 3);
    BalancerFixture explained = BalancerFixture.readyOn(1, 2, 3);
    explained.live.get(0).explainPicks(10);
    plain.subchannel(2).idle();
    explained.subchannel(2).idle();

    assertThat(explained.picks(9)).isEqualTo(plain.picks(9));
  }

  @Test
  void picks_firstChoiceLost_areRepicks() {
    AtomicInteger asked = new AtomicInteger();
    BalancerFixture fixture =
        ready(rotation -> call -> rotation.get(asked.getAndIncrement() == 0 ? 0 : 1), 1, 2);
    fixture.subchannel(1).idle();

    fixture.pick();

    assertThat(onlyPick(fixture).kind()).isEqualTo(Kind.REPICK);
    assertThat(onlyPick(fixture).others()).isEqualTo("127.0.0.1:1: CONNECTING");
  }

  @Test
  void picks_policyThrewOnce_areAfterAFault() {
    AtomicInteger asked = new AtomicInteger();
    BalancerFixture fixture =
        ready(
            rotation ->
                call -> {
                  if (asked.getAndIncrement() == 0) {
                    throw new IllegalStateException("broken");
                  }
                  return rotation.get(0);
                },
            1);

    fixture.pick();

    assertThat(onlyPick(fixture).kind()).isEqualTo(Kind.AFTER_FAULT);
    assertThat(fixture.snapshot().policyFaults()).isEqualTo(1);
  }

  @Test
  void picks_policyInsistsOnALostOne_areAnyReady() {
    BalancerFixture fixture = ready(rotation -> call -> rotation.get(0), 1, 2);
    fixture.subchannel(1).idle();

    int port = fixture.pick();

    assertThat(port).isEqualTo(2);
    assertThat(onlyPick(fixture).kind()).isEqualTo(Kind.ANY_READY);
    assertThat(onlyPick(fixture).endpoint().orElseThrow().displayAddress())
        .isEqualTo("127.0.0.1:2");
  }

  @Test
  void picks_noneIsLeft_areNone() {
    BalancerFixture fixture = BalancerFixture.readyOn(1);
    fixture.live.get(0).explainPicks(10);
    var picker = fixture.helper.picker();
    fixture.subchannel(1).idle();

    var unused = picker.pickSubchannel(fixtureCall());

    assertThat(onlyPick(fixture).kind()).isEqualTo(Kind.NONE);
    assertThat(onlyPick(fixture).endpoint()).isEmpty();
  }

  @Test
  void picks_manyOthers_nameFour() {
    BalancerFixture fixture = BalancerFixture.readyOn(1, 2, 3, 4, 5, 6);
    fixture.live.get(0).explainPicks(10);

    fixture.pick();

    assertThat(onlyPick(fixture).others().split("; ")).hasSize(5).endsWith("…");
  }

  @Test
  void explainPicks_zero_endsItAndForgets() {
    BalancerFixture fixture = BalancerFixture.readyOn(1);
    fixture.live.get(0).explainPicks(10);
    fixture.pick();

    fixture.live.get(0).explainPicks(0);
    fixture.pick();

    assertThat(fixture.helper.picker()).isInstanceOf(RotationPicker.class);
    assertThat(fixture.snapshot().picks()).isEmpty();
  }

  @Test
  void explainPicks_beforeAnyIsReady_holdsFromTheFirstPick() {
    BalancerFixture fixture = new BalancerFixture();
    fixture.accept(1);
    fixture.live.get(0).explainPicks(5);
    fixture.subchannel(1).ready();

    fixture.pick();

    assertThat(fixture.snapshot().picks()).hasSize(1);
  }

  @Test
  void explainPicks_setOnTheChannel_holdsFromTheStart() {
    FakeHelper helper = new FakeHelper().with(BalancerView.EXPLAIN_PICKS, 5);
    BalancerFixture.acceptOne(helper);
    helper.subchannels().get(0).ready();

    assertThat(helper.picker()).isInstanceOf(ExplainingPicker.class);
  }

  @Test
  void explainPicks_outOfRange_isRefused() {
    BalancerView live = new BalancerFixture().live.get(0);

    assertThatThrownBy(() -> live.explainPicks(10_001))
        .hasMessage("lastN: 10001 (expected: 0..10000)");
    assertThatThrownBy(() -> Evenkeel.channel("fixed:///a:1").explainPicks(0))
        .hasMessage("lastN: 0 (expected: 1..10000)");
  }

  private BalancerFixture ready(Policy made, int... ports) {
    policy.use(context -> made);
    BalancerFixture fixture = new BalancerFixture().config(policy.config());
    fixture.accept(ports);
    fixture.live.get(0).explainPicks(100);
    fixture.helper.subchannels().forEach(FakeSubchannel::ready);
    fixture.passCoalescing();
    return fixture;
  }

  private static PickRecord onlyPick(BalancerFixture fixture) {
    List<PickRecord> picks = fixture.snapshot().picks();
    assertThat(picks).hasSize(1);
    return picks.get(0);
  }

  private static PickSubchannelArgs fixtureCall() {
    return FakeHelper.call(CallOptions.DEFAULT);
  }

  /** A policy that has something to say. */
  private record FirstOf(Rotation rotation) implements Picker {
    @Override
    public Candidate pick(PickSubchannelArgs call) {
      return rotation.get(0);
    }

    @Override
    public ExplainedPick explainedPick(PickSubchannelArgs call) {
      return new ExplainedPick(rotation.get(0), "the first of " + rotation.size());
    }
  }
}
