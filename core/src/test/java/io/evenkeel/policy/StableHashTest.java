package io.evenkeel.policy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StableHashTest {

  /** Clients of different versions share services: these values never change. */
  @ParameterizedTest
  @CsvSource({
    "'', 1422682075667526763",
    "a, 6719747049101522023",
    "user-42, -6157760808126675603",
    "10.0.0.1:8080, -1179391802501303366",
    "the quick brown fox jumps over the lazy dog, 4436605611076229847"
  })
  void of_knownText_isWhatItAlwaysWas(String text, long hash) {
    assertThat(StableHash.of(text)).isEqualTo(hash);
  }

  @Test
  void of_asciiOfAnyLength_hashesLikeItsBytes() {
    String text = "abcdefghijklmnopqrstuvwxyz0123456789-_~";

    for (int length = 0; length <= text.length(); length++) {
      String part = text.substring(0, length);
      assertThat(StableHash.of(part)).isEqualTo(StableHash.of(part.getBytes(US_ASCII)));
    }
  }

  @Test
  void of_textsThatLookAlike_allDiffer() {
    Set<Long> hashes = new HashSet<>();

    for (int i = 0; i < 100_000; i++) {
      hashes.add(StableHash.of("user-" + i));
      hashes.add(StableHash.of("\u7528\u6237-\u4e00\u4e01\u4e02\u4e03" + i));
    }

    assertThat(hashes).hasSize(200_000);
  }

  @ParameterizedTest
  @CsvSource({"Aa, BB", "ab, ba", "a, aa", "\u0101, \u0201", "12345678, 123456780"})
  void of_twoThatAWeakHashConfuses_differ(String one, String other) {
    assertThat(StableHash.of(one)).isNotEqualTo(StableHash.of(other));
  }

  /** One bit of input changes half of the output, and no bit of output more often than others. */
  @ParameterizedTest
  @ValueSource(ints = {4, 8, 13, 36})
  void of_oneBitChanged_changesEachBitOfTheHashHalfTheTime(int length) {
    Random random = new Random(length);
    int[] changes = new int[Long.SIZE];
    int samples = 20_000;

    for (int i = 0; i < samples; i++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      long before = StableHash.of(bytes);
      int bit = random.nextInt(length * Byte.SIZE);
      bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      long changed = before ^ StableHash.of(bytes);
      for (int out = 0; out < Long.SIZE; out++) {
        changes[out] += (int) (changed >>> out & 1);
      }
    }

    // Five standard deviations of the binomial.
    double bound = 5 * Math.sqrt(samples) / 2;
    for (int count : changes) {
      assertThat((double) count).isBetween(samples / 2.0 - bound, samples / 2.0 + bound);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16, 32, 48})
  void of_countedKeys_fillAnySixteenBitsEvenly(int shift) {
    int[] counts = new int[1 << 10];

    for (int i = 0; i < 1 << 20; i++) {
      counts[(int) (StableHash.of("user-" + i) >>> shift) & 1023]++;
    }

    // 1168 is exceeded by one in a thousand of fair draws with 1023 degrees of freedom.
    assertThat(Picks.chiSquare(counts)).isLessThan(1168);
  }
}
