package io.evenkeel.policy.hash;

import io.evenkeel.CallKeys;
import io.evenkeel.policy.StableHash;
import io.grpc.CallOptions;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The hash of what a call says about where it belongs: {@link CallKeys#HASH}, or else {@link
 * CallKeys#HASH_KEY}, or else the header, of which the last value counts when it is there several
 * times. A call that says nothing gets a random hash, so it goes anywhere.
 *
 * <p>Thread-safe; allocates nothing.
 */
final class CallHash {
  private final Metadata.@Nullable Key<byte[]> header;
  private final RandomGenerator random;

  CallHash(Metadata.@Nullable Key<byte[]> header, RandomGenerator random) {
    this.header = header;
    this.random = random;
  }

  long of(PickSubchannelArgs call) {
    CallOptions options = call.getCallOptions();
    Long number = options.getOption(CallKeys.HASH);
    if (number != null) {
      return StableHash.mix(number);
    }
    String text = options.getOption(CallKeys.HASH_KEY);
    if (text != null) {
      return StableHash.of(text);
    }
    byte[] value = headerOf(call);
    return value == null ? random.nextLong() : StableHash.of(value);
  }

  /** What of {@code call} is hashed; not its value, which may name a person. */
  String source(PickSubchannelArgs call) {
    CallOptions options = call.getCallOptions();
    if (options.getOption(CallKeys.HASH) != null) {
      return "call option HASH";
    }
    if (options.getOption(CallKeys.HASH_KEY) != null) {
      return "call option HASH_KEY";
    }
    return header == null || headerOf(call) == null
        ? "no key, so anywhere"
        : "header " + header.name();
  }

  private byte @Nullable [] headerOf(PickSubchannelArgs call) {
    return header == null ? null : call.getHeaders().get(header);
  }
}
