package io.evenkeel.policy;

import java.util.Arrays;

/**
 * Maps a number to one of n indexes in proportion to their weights, in constant time.
 *
 * <h2>How it works</h2>
 *
 * The weights are cut into n columns of equal height. Each column holds a piece of its own index
 * and, above it, a piece of one other index, its alias. The upper bits of the number choose a
 * column, the lower bits how high in it. Vose's construction fills a column that is too low from
 * one that is too high until none is left; it takes O(n).
 *
 * <p>Immutable.
 *
 * @see <a href="https://doi.org/10.1109/32.92917">Vose, A Linear Algorithm for Generating Random
 *     Numbers with a Given Distribution (1991)</a>
 */
public final class AliasTable {
  private static final double TWO_TO_32 = 0x1p32;
  private static final long LOWER_HALF = 0xFFFF_FFFFL;

  /** Of the own piece, out of 2^32, unsigned. A full column is its own alias. */
  private final int[] heights;

  private final int[] aliases;

  private AliasTable(int size) {
    heights = new int[size];
    aliases = new int[size];
  }

  /** A table of the weights of {@code rotation}. */
  public static AliasTable of(Rotation rotation) {
    double[] weights = new double[rotation.size()];
    Arrays.setAll(weights, rotation::weight);
    return of(weights);
  }

  /** A table of {@code weights}, each more than zero and all together finite. */
  public static AliasTable of(double[] weights) {
    int size = weights.length;
    double mean = 0;
    for (double weight : weights) {
      mean += weight / size;
    }
    double[] scaled = new double[size];
    for (int i = 0; i < size; i++) {
      scaled[i] = weights[i] / mean;
    }
    AliasTable table = new AliasTable(size);
    table.fill(scaled);
    return table;
  }

  /** The index for {@code number}, all of whose 64 bits should be evenly spread. */
  public int indexOf(long number) {
    long product = (number >>> 32) * heights.length;
    int column = (int) (product >>> 32);
    return Integer.compareUnsigned((int) product, heights[column]) < 0 ? column : aliases[column];
  }

  private void fill(double[] scaled) {
    int size = scaled.length;
    int[] work = new int[size]; // too low from the left, too high from the right
    int low = 0;
    int high = size;
    for (int i = 0; i < size; i++) {
      if (scaled[i] < 1) {
        work[low++] = i;
      } else {
        work[--high] = i;
      }
    }
    while (low > 0 && high < size) {
      int small = work[--low];
      int large = work[high];
      set(small, scaled[small], large);
      scaled[large] -= 1 - scaled[small];
      if (scaled[large] < 1) {
        high++;
        work[low++] = large;
      }
    }
    // What is left differs from a full column only by rounding.
    while (low > 0) {
      low--;
      set(work[low], 1, work[low]);
    }
    for (; high < size; high++) {
      set(work[high], 1, work[high]);
    }
  }

  private void set(int column, double height, int alias) {
    heights[column] = (int) Math.min((long) (height * TWO_TO_32), LOWER_HALF);
    aliases[column] = alias;
  }
}
