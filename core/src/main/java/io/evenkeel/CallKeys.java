package io.evenkeel;

import io.grpc.CallOptions;
import org.jspecify.annotations.Nullable;

/**
 * The call options by which a call tells the balancer where it belongs, for the policies that hash:
 * {@code stub.withOption(CallKeys.HASH_KEY, userId)}. Where a call has more than one of them, the
 * first in the order of this list counts.
 */
public final class CallKeys {

  /** The session of the call. */
  public static final CallOptions.Key<@Nullable Affinity> AFFINITY =
      CallOptions.Key.create("io.evenkeel.affinity");

  /**
   * A number that says where the call belongs, such as a user's; calls of the same number go to the
   * same endpoint. Any number will do, also small ones that follow each other.
   */
  public static final CallOptions.Key<@Nullable Long> HASH =
      CallOptions.Key.create("io.evenkeel.hash");

  /** A text that says where the call belongs. As a header of the same ASCII value would. */
  public static final CallOptions.Key<@Nullable String> HASH_KEY =
      CallOptions.Key.create("io.evenkeel.hash-key");

  private CallKeys() {}
}
