package io.evenkeel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SequenceTest {
  private static final int THREADS = 8;
  private static final int EACH = 100_000;

  private final AtomicLong clock = new AtomicLong();

  @Test
  void next_oneThread_countsUp() {
    Sequence sequence = sequenceFrom(7);

    assertThat(new int[] {sequence.next(), sequence.next(), sequence.next()})
        .containsExactly(7, 8, 9);
  }

  @Test
  void next_pastTheLargestNumber_goesOnFromZero() {
    Sequence sequence = sequenceFrom(Integer.MAX_VALUE);

    assertThat(new int[] {sequence.next(), sequence.next()}).containsExactly(Integer.MAX_VALUE, 0);
  }

  @Test
  void next_threadsOneAfterTheOther_staysInOrder() throws Exception {
    Sequence sequence = sequenceFrom(0);
    List<Integer> numbers = new ArrayList<>();

    for (int i = 0; i < 10; i++) {
      Thread thread = new Thread(() -> numbers.add(sequence.next()));
      thread.start();
      thread.join();
    }

    assertThat(numbers).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void next_manyThreads_givesNoNumberTwice() throws Exception {
    int[] numbers = drawFromManyThreads(sequenceFrom(0));

    assertThat(Arrays.stream(numbers).distinct().count()).isEqualTo(THREADS * EACH);
  }

  @Test
  void next_manyThreads_leavesOutLittle() throws Exception {
    int[] numbers = drawFromManyThreads(sequenceFrom(0));

    // How many batches are dropped is up to the scheduler: usually below one in a hundred.
    assertThat(Arrays.stream(numbers).max().orElseThrow()).isLessThan(THREADS * EACH * 2);
  }

  @Test
  void next_threadsMeetNoMore_isInOrderAgain() throws Exception {
    Sequence sequence = sequenceWhoseThreadsHaveMet();

    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(Sequence.QUIET_MILLIS));
    drawUntilStrict(sequence);

    int first = sequence.next();
    assertThat(fromAnotherThread(sequence)).isEqualTo(first + 1);
    assertThat(sequence.next()).isEqualTo(first + 2);
  }

  @Test
  void next_oneThreadOfManyIsLeftButBusy_staysInBatches() throws Exception {
    Sequence sequence = sequenceWhoseThreadsHaveMet();

    for (int i = 0; i < EACH; i++) {
      sequence.next();
    }

    assertThat(sequence.isStrict()).isFalse();
  }

  private Sequence sequenceWhoseThreadsHaveMet() throws Exception {
    Sequence sequence = sequenceFrom(0);
    while (sequence.isStrict()) {
      drawFromManyThreads(sequence);
    }
    return sequence;
  }

  /** Threads notice when their batch is used up, so one batch at most is drawn. */
  private static void drawUntilStrict(Sequence sequence) {
    for (int i = 0; i < 100 && !sequence.isStrict(); i++) {
      sequence.next();
    }
    assertThat(sequence.isStrict()).isTrue();
  }

  private static int fromAnotherThread(Sequence sequence) throws Exception {
    AtomicInteger number = new AtomicInteger();
    Thread thread = new Thread(() -> number.set(sequence.next()));
    thread.start();
    thread.join();
    return number.get();
  }

  private Sequence sequenceFrom(int start) {
    return new Sequence(start, clock::get);
  }

  private static int[] drawFromManyThreads(Sequence sequence) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      CyclicBarrier start = new CyclicBarrier(THREADS);
      Callable<int[]> draw =
          () -> {
            start.await();
            int[] drawn = new int[EACH];
            Arrays.setAll(drawn, i -> sequence.next());
            return drawn;
          };
      List<int[]> all = new ArrayList<>();
      for (Future<int[]> drawn :
          pool.invokeAll(List.of(draw, draw, draw, draw, draw, draw, draw, draw))) {
        all.add(drawn.get());
      }
      return all.stream().flatMapToInt(Arrays::stream).toArray();
    } finally {
      pool.shutdownNow();
    }
  }
}
