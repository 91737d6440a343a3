package io.evenkeel.subset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ArcTest {

  @Test
  void fraction_arcBeginsWithinASegment_isWhatIsInIt() {
    // Client 1 of 3 among 4 servers: from 4/3 of a segment to 8/3.
    Arc arc = begun(Arc.ofPeer(4, 1, new Peers(1, 3)));

    assertThat(fractions(arc, 4)).containsExactly(0, 2 / 3.0, 2 / 3.0, 0);
    assertThat(arc.first()).isEqualTo(1);
    assertThat(arc.touched()).isEqualTo(2);
  }

  @Test
  void fraction_arcPassesTheEndOfTheRing_goesOnAtItsStart() {
    // Two of three client segments, from 8/3 of a segment to 16/3: over the end at 4.
    Arc arc = begun(Arc.ofPeer(4, 2, new Peers(2, 3)));

    assertThat(fractions(arc, 4)).containsExactly(1, 1 / 3.0, 1 / 3.0, 1);
    assertThat(arc.first()).isEqualTo(2);
    assertThat(arc.touched()).isEqualTo(4);
  }

  @Test
  void fraction_fullRoundFromWithinASegment_isAllOfAll() {
    Arc arc = begun(Arc.ofPeer(4, 4, new Peers(1, 3)));

    assertThat(fractions(arc, 4)).containsExactly(1, 1, 1, 1);
    assertThat(arc.touched()).isEqualTo(4);
  }

  @Test
  void judge_partOfABadSegment_isMadeUpAtTheEnd() {
    Arc arc = begun(Arc.ofPeer(8, 2, new Peers(1, 3)));
    // From 8/3 to 16/3: servers 2 (a third), 3, 4, 5 (a third). One and two thirds stay good.
    assertThat(fractions(arc, 8)).containsExactly(0, 0, 1 / 3.0, 1, 1, 1 / 3.0, 0, 0);

    arc.judge(3, Verdict.BAD);

    assertThat(fractions(arc, 8)).containsExactly(0, 0, 1 / 3.0, 1, 1, 2 / 3.0, 0, 0);
  }

  @Test
  void judge_lastOnesAreBad_areLetGoWhenOthersRecover() {
    Arc arc = begun(Arc.prefix(10, 2));
    arc.judge(0, Verdict.BAD);
    arc.judge(2, Verdict.BAD);
    arc.judge(3, Verdict.BAD);
    assertThat(arc.touched()).isEqualTo(5);

    arc.judge(0, Verdict.GOOD);

    assertThat(arc.touched()).isEqualTo(2);
  }

  @Test
  void judge_wasBadWhenLetGo_isTriedAgain() {
    Arc arc = begun(Arc.prefix(10, 2));
    arc.judge(0, Verdict.BAD);
    arc.judge(2, Verdict.BAD);
    arc.judge(0, Verdict.GOOD);

    arc.judge(1, Verdict.BAD);

    assertThat(arc.touched()).isEqualTo(3);
    assertThat(arc.isBad(2)).isFalse();
  }

  /** Whatever came before, the arc is that of somebody who has just learned the same verdicts. */
  @Test
  void judge_anyVerdicts_endsWhereAFreshArcWould() {
    Random random = new Random(11);
    for (int round = 0; round < 500; round++) {
      int servers = 1 + random.nextInt(30);
      int size = 1 + random.nextInt(12);
      int count = 1 + random.nextInt(12);
      Peers peers = new Peers(random.nextInt(count), count);
      boolean drawn = random.nextBoolean();
      Arc arc = begun(drawn ? Arc.prefix(servers, size) : Arc.ofPeer(servers, size, peers));
      for (int step = 0; step < 100; step++) {
        arc.judge(random.nextInt(servers), random.nextBoolean() ? Verdict.GOOD : Verdict.BAD);

        Arc fresh = drawn ? Arc.prefix(servers, size) : Arc.ofPeer(servers, size, peers);
        fresh.begin(IntStream.range(0, servers).filter(arc::isBad).boxed().toList());
        assertThat(fractions(arc, servers)).isEqualTo(fractions(fresh, servers));
        assertThat(arc.touched()).isEqualTo(fresh.touched());
        assertEnoughIsGood(arc, servers, size);
      }
    }
  }

  private static void assertEnoughIsGood(Arc arc, int servers, int size) {
    double good = 0;
    double all = 0;
    for (int rank = 0; rank < servers; rank++) {
      all += arc.fraction(rank);
      good += arc.isBad(rank) ? 0 : arc.fraction(rank);
    }
    assertThat(good > Math.min(size, servers) - 1e-9 || all > servers - 1e-9)
        .as("%s good in %s of %s, wanted %s", good, all, servers, size)
        .isTrue();
  }

  private static Arc begun(Arc arc) {
    arc.begin(List.of());
    return arc;
  }

  private static double[] fractions(Arc arc, int servers) {
    return IntStream.range(0, servers).mapToDouble(arc::fraction).toArray();
  }
}
