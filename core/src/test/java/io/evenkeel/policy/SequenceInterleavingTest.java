package io.evenkeel.policy;

import io.evenkeel.fixture.Interleavings;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.strategy.managed.modelchecking.ModelCheckingOptions;
import org.junit.jupiter.api.Test;

/** Whatever way threads interleave, no number is given twice. */
public class SequenceInterleavingTest {
  /** Two readings in a row are not far apart, but are quiet when another is in between. */
  private static final long TICK_NANOS = Sequence.QUIET_MILLIS * 1_000_000L * 2 / 3;

  private final AtomicLong clock = new AtomicLong();
  private final Sequence sequence = new Sequence(0, () -> clock.getAndAdd(TICK_NANOS));

  /** The numbers given, as bits: a few threads that draw a few times stay below 512. */
  private final AtomicLong[] given = new AtomicLong[8];

  /** Nothing is given yet. */
  public SequenceInterleavingTest() {
    for (int i = 0; i < given.length; i++) {
      given[i] = new AtomicLong();
    }
  }

  /** Whether the next number is new, which it always is. */
  @Operation
  public boolean nextIsNew() {
    int number = sequence.next();
    long bit = 1L << (number % 64);
    return (given[number / 64].getAndUpdate(bits -> bits | bit) & bit) == 0;
  }

  @Test
  void everyInterleaving_always_givesNoNumberTwice() {
    Interleavings.check(
        SequenceInterleavingTest.class,
        new ModelCheckingOptions()
            .iterations(2)
            .threads(2)
            .actorsPerThread(2)
            .actorsBefore(0)
            .actorsAfter(0)
            .invocationsPerIteration(200));
  }
}
