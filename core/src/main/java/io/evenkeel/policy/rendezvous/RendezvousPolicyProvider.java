package io.evenkeel.policy.rendezvous;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;
import io.evenkeel.policy.hash.HashConfig;
import io.evenkeel.policy.hash.HashPolicy;

/**
 * {@code rendezvous}: calls of the same key to the same endpoint, the one that ranks highest for
 * it.
 *
 * <p>Choose it when weights change, or when a fleet of up to some thousand endpoints wants both: a
 * change of weight or of endpoints moves the keys that it must and few others, and shares are more
 * even than those of {@code ring_hash}. To rank all endpoints for each call would cost a nanosecond
 * for each of them; so keys are gathered in buckets whose ranking is made when endpoints come and
 * go, in time proportional to the table. A pick costs the hash of the key and one read of memory,
 * however many endpoints there are. The table takes 2 bytes a bucket, beyond 65,536 endpoints 4.
 *
 * <p>Settings: those of {@link HashConfig}; {@code tableSize}, a power of two from {@value
 * #MIN_SIZE} to {@value #MAX_SIZE}, default {@value #DEFAULT_SIZE}. More buckets make shares more
 * even: by default, two endpoints in three are within 2 % of their share among 100, within 7 %
 * among 1,000 and within 23 % among 10,000.
 */
public final class RendezvousPolicyProvider implements PolicyProvider {
  static final int MIN_SIZE = 1024;
  static final int MAX_SIZE = 4_194_304;
  static final int DEFAULT_SIZE = 131_072;

  @Override
  public String name() {
    return "rendezvous";
  }

  @Override
  public PolicyFactory configure(ConfigReader config) {
    HashConfig hash = HashConfig.read(config);
    int size = config.intValue("tableSize", DEFAULT_SIZE, MIN_SIZE, MAX_SIZE);
    if (Integer.bitCount(size) != 1) {
      throw config.wrong(
          "tableSize", size, "a power of two such as " + 2 * Integer.highestOneBit(size));
    }
    return context ->
        new HashPolicy(hash, context.random(), members -> RendezvousTable.of(members, size));
  }
}
