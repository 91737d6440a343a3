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
import org.junit.jupiter.api.Test;

class SequenceTest {
  private static final int THREADS = 8;
  private static final int EACH = 100_000;

  @Test
  void next_oneThread_countsUp() {
    Sequence sequence = new Sequence(7);

    assertThat(new int[] {sequence.next(), sequence.next(), sequence.next()})
        .containsExactly(7, 8, 9);
  }

  @Test
  void next_pastTheLargestNumber_goesOnFromZero() {
    Sequence sequence = new Sequence(Integer.MAX_VALUE);

    assertThat(new int[] {sequence.next(), sequence.next()}).containsExactly(Integer.MAX_VALUE, 0);
  }

  @Test
  void next_threadsOneAfterTheOther_staysInOrder() throws Exception {
    Sequence sequence = new Sequence(0);
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
    int[] numbers = drawFromManyThreads(new Sequence(0));

    assertThat(Arrays.stream(numbers).distinct().count()).isEqualTo(THREADS * EACH);
  }

  @Test
  void next_manyThreads_leavesOutLittle() throws Exception {
    int[] numbers = drawFromManyThreads(new Sequence(0));

    // How many batches are dropped is up to the scheduler: usually below one in a hundred.
    assertThat(Arrays.stream(numbers).max().orElseThrow()).isLessThan(THREADS * EACH * 2);
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
