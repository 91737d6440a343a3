package io.evenkeel.policy.ringhash;

import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;
import io.evenkeel.policy.hash.HashConfig;
import io.evenkeel.policy.hash.HashPolicy;

/**
 * {@code ring_hash}: calls of the same key to the same endpoint, by points on a ring.
 *
 * <p>Choose it when endpoints hold state or caches per key and come and go often: of n + 1
 * endpoints a new one takes its own part of the keys, 1 in n + 1, and no other key moves; the keys
 * of a lost one go where they will belong without it. Shares are rougher than those of {@code
 * maglev}: with 64 points each, two endpoints in three are within 13 % of theirs. A pick costs the
 * hash of the key and two reads of memory, however many endpoints there are. The ring takes 10
 * bytes a point, and is made anew, in time proportional to its size, when endpoints come and go.
 *
 * <p>Settings: those of {@link HashConfig}; {@code minRingSize}, 1 to {@value #MAX_SIZE}, default
 * {@value #DEFAULT_MIN}; {@code maxRingSize}, likewise, default {@value #DEFAULT_MAX}. Between
 * these, the ring has {@value Ring#POINTS_PER_ENDPOINT} points for each endpoint, shared out by
 * weight. Each endpoint has one at least, even where that exceeds the maximum. At either limit the
 * others give up points for a new endpoint, which moves as many keys again.
 */
public final class RingHashPolicyProvider implements PolicyProvider {
  static final int DEFAULT_MIN = 1024;
  static final int DEFAULT_MAX = 262_144;
  static final int MAX_SIZE = 8_388_608;

  @Override
  public String name() {
    return "ring_hash";
  }

  @Override
  public PolicyFactory configure(ConfigReader config) {
    HashConfig hash = HashConfig.read(config);
    int min = config.intValue("minRingSize", DEFAULT_MIN, 1, MAX_SIZE);
    int max = config.intValue("maxRingSize", Math.max(min, DEFAULT_MAX), 1, MAX_SIZE);
    if (min > max) {
      throw config.wrong("minRingSize", min, "at most maxRingSize, which is " + max);
    }
    return context -> new HashPolicy(hash, context.random(), members -> Ring.of(members, min, max));
  }
}
