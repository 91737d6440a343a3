package io.evenkeel.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AliasTableTest {
  private static final double TWO_TO_32 = 0x1p32;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 100, 1000})
  void indexOf_randomWeights_givesEachItsShare(int size) {
    Random random = new Random(size);
    double[] weights = random.doubles(size, 1, 1_000_000).toArray();

    double[] shares = shares(weights);

    assertSharesMatch(shares, weights);
  }

  @Test
  void indexOf_oneToAMillion_givesEachItsShare() {
    double[] weights = {1, 1_000_000};

    assertSharesMatch(shares(weights), weights);
  }

  @Test
  void indexOf_aMillionAmongThousandOnes_givesEachItsShare() {
    double[] weights = DoubleStream.iterate(1, w -> 1).limit(1001).toArray();
    weights[500] = 1_000_000;

    assertSharesMatch(shares(weights), weights);
  }

  @Test
  void indexOf_oneEndpoint_isAlwaysIt() {
    AliasTable table = AliasTable.of(TestCandidate.rotation(5));

    assertThat(AliasTable.of(TestCandidate.rotation(new double[] {5})).indexOf(-1)).isZero();
    assertThat(table.indexOf(0)).isZero();
    assertThat(table.indexOf(-1)).isEqualTo(4);
  }

  /**
   * The share of each index, exact to 2^-32 of a column: within a column the answer changes at most
   * once as the number grows, so its height is found by halving.
   */
  private static double[] shares(double[] weights) {
    int size = weights.length;
    AliasTable table = AliasTable.of(TestCandidate.rotation(weights));
    double[] shares = new double[size];
    for (int column = 0; column < size; column++) {
      long first = firstOf(column, size);
      long end = firstOf(column + 1, size);
      int own = table.indexOf(first << 32);
      int alias = table.indexOf((end - 1) << 32);
      long cut = own == alias ? end : cut(table, first, end);
      shares[own] += (cut - first) / TWO_TO_32;
      shares[alias] += (end - cut) / TWO_TO_32;
    }
    return shares;
  }

  /** The smallest upper half of a number that falls into {@code column}. */
  private static long firstOf(int column, int size) {
    return (((long) column << 32) + size - 1) / size;
  }

  private static long cut(AliasTable table, long first, long end) {
    int own = table.indexOf(first << 32);
    long low = first;
    long high = end - 1;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (table.indexOf(middle << 32) == own) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static void assertSharesMatch(double[] shares, double[] weights) {
    double sum = DoubleStream.of(weights).sum();
    double tolerance = 2 * weights.length / TWO_TO_32;
    for (int i = 0; i < weights.length; i++) {
      assertThat(shares[i])
          .as("share of index %s", i)
          .isCloseTo(weights[i] / sum, within(tolerance));
    }
    assertThat(DoubleStream.of(shares).sum()).isCloseTo(1, within(tolerance));
  }
}
