package io.evenkeel.discovery;

import io.grpc.Status;
import java.time.Duration;

/**
 * How long a registry is to be left alone that has asked for it, as HTTP's {@code Retry-After}
 * does. A discovery that looks by itself asks here first, and tells {@link DiscoveryListener} how
 * much is left; when it is over, it is asked to look again.
 *
 * <p>Used in one synchronization context only.
 */
public final class Rest {
  /** Bound on a rest: by one odd answer a registry would be lost for as long as that says. */
  public static final Duration LONGEST = Duration.ofMinutes(1);

  private final DiscoveryContext context;
  private Status why = Status.OK;
  private long endsNanos;

  /** None as yet. */
  public Rest(DiscoveryContext context) {
    this.context = context;
  }

  /**
   * Nothing is to be asked for {@code length}, {@link #LONGEST} at most. A length of zero changes
   * nothing: a failure that asks for no rest does not end one.
   *
   * @param why what looks end in until then; not OK
   */
  public void begin(Status why, Duration length) {
    if (length.isZero()) {
      return;
    }
    this.why = why;
    endsNanos = now() + (length.compareTo(LONGEST) < 0 ? length : LONGEST).toNanos();
  }

  /** What is left of it; zero where the registry may be asked. */
  public Duration left() {
    if (why.isOk()) {
      return Duration.ZERO;
    }
    long left = endsNanos - now();
    if (left <= 0) {
      why = Status.OK;
      return Duration.ZERO;
    }
    return Duration.ofNanos(left);
  }

  /** The failure that asked for it; OK where nothing is left. */
  public Status why() {
    return why;
  }

  private long now() {
    return context.ticker().getAsLong();
  }
}
