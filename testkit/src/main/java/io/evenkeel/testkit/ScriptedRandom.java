package io.evenkeel.testkit;

import java.util.random.RandomGenerator;

/** Chance that answers what the test has written, over and over. Not thread-safe. */
public final class ScriptedRandom implements RandomGenerator {
  private final int[] script;
  private int position;

  private ScriptedRandom(int[] script) {
    this.script = script;
  }

  /** Answers {@code numbers} in turn, whatever is asked. */
  public static ScriptedRandom of(int... numbers) {
    if (numbers.length == 0) {
      throw new IllegalArgumentException("numbers: none (expected: at least one)");
    }
    return new ScriptedRandom(numbers.clone());
  }

  /** The next number of the script, which must fit {@code bound}. */
  @Override
  public int nextInt(int bound) {
    int next = next();
    if (next < 0 || next >= bound) {
      throw new AssertionError(
          "the script says " + next + ", but a number below " + bound + " was asked for");
    }
    return next;
  }

  @Override
  public long nextLong() {
    return next();
  }

  /** Half way: a jitter drawn from this is none. */
  @Override
  public double nextDouble() {
    return 0.5;
  }

  private int next() {
    int next = script[position];
    position = (position + 1) % script.length;
    return next;
  }
}
