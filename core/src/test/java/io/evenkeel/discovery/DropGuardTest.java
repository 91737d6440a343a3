package io.evenkeel.discovery;

import static io.evenkeel.discovery.ResolverHarness.setOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DropGuardTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long CONFIRM = 5 * SECOND;

  private final DropGuard guard = new DropGuard(SupervisorConfig.DEFAULT);

  @Test
  void admit_halfIsGone_isBelieved() {
    guard.admit(setOf(1, 2, 3, 4), 0);

    assertThat(guard.admit(setOf(1, 2), SECOND)).isEqualTo(setOf(1, 2));
    assertThat(guard.holding()).isFalse();
  }

  @Test
  void admit_moreThanHalfIsGone_keepsTheMissing() {
    guard.admit(setOf(1, 2, 3, 4), 0);

    EndpointSet served = guard.admit(setOf(4), SECOND);

    assertThat(served.endpoints()).containsExactlyInAnyOrderElementsOf(all(1, 2, 3, 4));
    assertThat(guard.held()).isEqualTo(3);
  }

  @Test
  void admit_othersInPlaceOfAll_servesBothMeanwhile() {
    guard.admit(setOf(1, 2, 3, 4), 0);

    EndpointSet served = guard.admit(setOf(5, 6, 7, 8), SECOND);

    assertThat(served.endpoints()).containsExactlyInAnyOrderElementsOf(all(1, 2, 3, 4, 5, 6, 7, 8));
  }

  @Test
  void admit_changedWhileHeld_servesTheNewForm() {
    guard.admit(setOf(1, 2, 3, 4), 0);
    guard.admit(setOf(4), SECOND);

    Endpoint heavier = setOf(4).endpoints().get(0).withWeight(7);
    EndpointSet served = guard.admit(EndpointSet.of(List.of(heavier)), 2 * SECOND);

    assertThat(served.endpoints()).contains(heavier).hasSize(4);
  }

  @Test
  void admit_sameAgainBeforeTheEnd_isStillHeld() {
    guard.admit(setOf(1, 2, 3, 4), 0);
    guard.admit(setOf(4), SECOND);

    guard.admit(setOf(4), SECOND + CONFIRM - 1);

    assertThat(guard.held()).isEqualTo(3);
  }

  @Test
  void admit_sameAgainAtTheEnd_isBelieved() {
    guard.admit(setOf(1, 2, 3, 4), 0);
    guard.admit(setOf(4), SECOND);

    EndpointSet served = guard.admit(setOf(4), SECOND + CONFIRM);

    assertThat(served).isEqualTo(setOf(4));
    assertThat(guard.holding()).isFalse();
    assertThat(guard.held()).isZero();
  }

  @Test
  void admit_backBeforeTheEnd_endsTheHold() {
    guard.admit(setOf(1, 2, 3, 4), 0);
    guard.admit(setOf(4), SECOND);

    EndpointSet served = guard.admit(setOf(1, 2, 4), 2 * SECOND);

    assertThat(served).isEqualTo(setOf(1, 2, 4));
    assertThat(guard.holding()).isFalse();
  }

  @Test
  void admit_oneAfterAnotherWithinTheWindow_countTogether() {
    guard.admit(setOf(1, 2, 3, 4, 5, 6), 0);
    guard.admit(setOf(2, 3, 4, 5, 6), SECOND);
    guard.admit(setOf(3, 4, 5, 6), SECOND);
    guard.admit(setOf(4, 5, 6), SECOND);

    EndpointSet served = guard.admit(setOf(5, 6), SECOND);

    assertThat(served.endpoints()).containsExactlyInAnyOrderElementsOf(all(4, 5, 6));
    assertThat(guard.held()).isEqualTo(1);
  }

  @Test
  void admit_oneAfterAnotherOverLongerTime_isBelieved() {
    guard.admit(setOf(1, 2, 3, 4, 5, 6), 0);

    long now = 0;
    for (int gone = 1; gone <= 5; gone++) {
      now += CONFIRM;
      guard.admit(setOf(IntStream.rangeClosed(gone + 1, 6).toArray()), now);
    }

    assertThat(guard.holding()).isFalse();
  }

  @Test
  void admit_eachReplacedInTurnSlowly_isBelieved() {
    guard.admit(setOf(1, 2, 3, 4), 0);
    guard.admit(setOf(2, 3, 4, 11), SECOND);
    guard.admit(setOf(3, 4, 11, 12), 3 * SECOND);
    guard.admit(setOf(4, 11, 12, 13), 5 * SECOND);

    EndpointSet served = guard.admit(setOf(11, 12, 13, 14), 7 * SECOND);

    assertThat(served).isEqualTo(setOf(11, 12, 13, 14));
  }

  @Test
  void admit_twoOfThreeAreGone_keepsTheMissing() {
    guard.admit(setOf(1, 2, 3), 0);

    EndpointSet served = guard.admit(setOf(3), SECOND);

    assertThat(served.endpoints()).containsExactlyInAnyOrderElementsOf(all(1, 2, 3));
  }

  @Test
  void admit_oneOfTwoIsReplaced_isBelieved() {
    guard.admit(setOf(1, 2), 0);

    assertThat(guard.admit(setOf(2, 3), SECOND)).isEqualTo(setOf(2, 3));
  }

  @Test
  void admit_switchedOff_isBelieved() {
    DropGuard off =
        new DropGuard(SupervisorConfig.parse(URI.create("test:///orders?maxDrop=100%25")));
    off.admit(setOf(1, 2, 3, 4), 0);

    assertThat(off.admit(setOf(4), 1)).isEqualTo(setOf(4));
  }

  @Test
  void admit_secondDropAfterAConfirmedOne_isHeldAnew() {
    guard.admit(setOf(1, 2, 3, 4, 5, 6, 7, 8, 9), 0);
    guard.admit(setOf(1, 2, 3, 4), SECOND);
    guard.admit(setOf(1, 2, 3, 4), SECOND + CONFIRM);

    guard.admit(setOf(1), SECOND + CONFIRM + 1);

    assertThat(guard.held()).isEqualTo(3);
  }

  private static List<Endpoint> all(int... ports) {
    return setOf(ports).endpoints();
  }
}
