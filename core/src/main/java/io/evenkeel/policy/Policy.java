package io.evenkeel.policy;

import java.time.Duration;

/**
 * Makes pickers for one channel. What must survive a change of endpoints, such as a position in a
 * round, lives here; what belongs to one endpoint lives in {@link Candidate#load}.
 */
@FunctionalInterface
public interface Policy {

  /**
   * Makes the picker for {@code rotation}, which is never empty. Called in the channel's
   * synchronization context.
   */
  Picker newPicker(Rotation rotation);

  /**
   * How often each endpoint in rotation is to report its load on a stream of its own; zero, the
   * default, for never. The same for the life of the policy.
   */
  default Duration loadReportInterval() {
    return Duration.ZERO;
  }

  /**
   * Whether its pickers look at the weights of a rotation. Where they do not, as by default, the
   * balancer itself sees to it that an endpoint that is to warm up gets fewer calls. The same for
   * the life of the policy.
   */
  default boolean heedsWeights() {
    return false;
  }

  /**
   * The channel has chosen another policy, or has none any more: ends what this one has started. A
   * picker that was made before can still be asked. Called once, in the channel's synchronization
   * context.
   */
  default void close() {}

  /** A policy that makes pickers as {@code pickers} does, which heed weights. */
  static Policy byWeight(Policy pickers) {
    return new Policy() {
      @Override
      public Picker newPicker(Rotation rotation) {
        return pickers.newPicker(rotation);
      }

      @Override
      public boolean heedsWeights() {
        return true;
      }
    };
  }
}
