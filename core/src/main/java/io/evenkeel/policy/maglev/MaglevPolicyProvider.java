package io.evenkeel.policy.maglev;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;
import io.evenkeel.policy.hash.HashConfig;
import io.evenkeel.policy.hash.HashPolicy;
import java.math.BigInteger;

/**
 * {@code maglev}: calls of the same key to the same endpoint, by a table of equal parts.
 *
 * <p>Choose it when even shares matter more than that no key moves needlessly: each endpoint has
 * its share of the table to within one slot, but a change of endpoints also moves keys between the
 * others: one that joins a hundred moves 1.6 times the keys that it must, one that joins a thousand
 * 7 times, 0.7 % of all. A pick costs the hash of the key and one read of memory, however many
 * endpoints there are. The table takes 2 bytes a slot, and is made anew, in time proportional to
 * its size, when endpoints come and go.
 *
 * <p>Settings: those of {@link HashConfig}; {@code tableSize}, a prime number from {@value
 * #MIN_SIZE} to {@value #MAX_SIZE}, default {@value #DEFAULT_SIZE}. More than a hundred slots for
 * each endpoint keep needless moves rare; with fewer slots than endpoints, some get no calls.
 */
public final class MaglevPolicyProvider implements PolicyProvider {
  static final int MIN_SIZE = 101;
  static final int MAX_SIZE = 5_000_011;
  static final int DEFAULT_SIZE = 65_537;

  /** Every number below {@link #MAX_SIZE} that passes this test is a prime. */
  private static final int CERTAINTY = 100;

  @Override
  public String name() {
    return "maglev";
  }

  @Override
  public PolicyFactory configure(ConfigReader config) {
    HashConfig hash = HashConfig.read(config);
    int size = config.intValue("tableSize", DEFAULT_SIZE, MIN_SIZE, MAX_SIZE);
    if (!BigInteger.valueOf(size).isProbablePrime(CERTAINTY)) {
      BigInteger next = BigInteger.valueOf(size).nextProbablePrime();
      throw config.wrong("tableSize", size, "a prime number such as " + next);
    }
    return context ->
        new HashPolicy(hash, context.random(), members -> MaglevTable.of(members, size));
  }
}
