package io.evenkeel.policy;

import io.evenkeel.testkit.FakeHelper;
import io.grpc.CallOptions;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/** Asks pickers, and counts what they answer. */
public final class Picks {
  /** A call of which no policy under test looks at anything. */
  public static final PickSubchannelArgs CALL = FakeHelper.call(CallOptions.DEFAULT);

  private Picks() {}

  /** A context of scripted or seeded chance. */
  public static PolicyContext context(RandomGenerator random) {
    return new PolicyContext(random, () -> 0);
  }

  /**
   * Chance that makes {@link TwoChoices} draw {@code first} of {@code size} alike endpoints, and
   * then the one that comes {@code ahead} places after it, in turn, over and over.
   */
  public static RandomGenerator drawing(int size, int first, int ahead) {
    long upper = fraction(first, size);
    long lower = size == 1 ? 0 : fraction(ahead - 1, size - 1);
    return () -> (upper << 32) | lower;
  }

  /** The smallest number of 32 bits that is at least {@code part} of {@code parts}. */
  private static long fraction(int part, int parts) {
    return (((long) part << 32) + parts - 1) / parts;
  }

  /** Which index of {@code rotation} the next pick takes. */
  public static int next(Picker picker, Rotation rotation) {
    return indexOf(rotation, picker.pick(CALL));
  }

  /** The indexes that the next {@code picks} picks take. */
  public static List<Integer> next(int picks, Picker picker, Rotation rotation) {
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < picks; i++) {
      taken.add(next(picker, rotation));
    }
    return taken;
  }

  /** How often {@code picks} picks take each index. */
  public static int[] count(int picks, Picker picker, Rotation rotation) {
    IdentityHashMap<Candidate, Integer> index = new IdentityHashMap<>();
    for (int i = 0; i < rotation.size(); i++) {
      index.put(rotation.get(i), i);
    }
    int[] counts = new int[rotation.size()];
    for (int i = 0; i < picks; i++) {
      counts[index.get(picker.pick(CALL))]++;
    }
    return counts;
  }

  /** How often each index is taken when {@code threads} threads make {@code picksEach} picks. */
  public static int[] countConcurrently(
      int threads, int picksEach, Picker picker, Rotation rotation)
      throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CountDownLatch start = new CountDownLatch(threads);
    try {
      List<Future<int[]>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        all.add(
            pool.submit(
                () -> {
                  start.countDown();
                  start.await();
                  return count(picksEach, picker, rotation);
                }));
      }
      int[] sum = new int[rotation.size()];
      for (Future<int[]> one : all) {
        int[] counts = one.get();
        for (int i = 0; i < sum.length; i++) {
          sum[i] += counts[i];
        }
      }
      return sum;
    } finally {
      pool.shutdownNow();
    }
  }

  /** Chance by fixed seeds, one for each thread, which for that need not wait for each other. */
  public static RandomGenerator seededPerThread(long seed) {
    Random seeds = new Random(seed);
    ThreadLocal<Random> perThread =
        ThreadLocal.withInitial(
            () -> {
              synchronized (seeds) {
                return new Random(seeds.nextLong());
              }
            });
    return () -> perThread.get().nextLong();
  }

  /** How far {@code counts} are from all alike: Pearson's statistic. */
  public static double chiSquare(int[] counts) {
    long sum = 0;
    for (int count : counts) {
      sum += count;
    }
    double expected = (double) sum / counts.length;
    double statistic = 0;
    for (int count : counts) {
      statistic += (count - expected) * (count - expected) / expected;
    }
    return statistic;
  }

  /** Where in {@code rotation} {@code candidate} is. */
  public static int indexOf(Rotation rotation, Candidate candidate) {
    for (int i = 0; i < rotation.size(); i++) {
      if (rotation.get(i) == candidate) {
        return i;
      }
    }
    throw new AssertionError(candidate + " is not in the rotation");
  }
}
