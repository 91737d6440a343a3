package io.evenkeel.slowstart;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import java.time.Duration;
import java.util.Optional;

/**
 * By which factor an endpoint's weight is less while it is new: the age out of the window, to the
 * power of 1/aggression, and at least the floor. The formula is Envoy's.
 *
 * <p>Choose it where processes start slowly: code to be compiled, caches and pools to be filled.
 * Where all endpoints are new it does nothing, as only their relation counts.
 *
 * @param windowNanos how old an endpoint is when it has its full weight, 100 ms to 1 h, 30 s by
 *     default
 * @param aggression 1, the default, for a straight line; more to climb fast at first, less to climb
 *     fast at last; 0.1 to 10
 * @param floor the least factor, above 0 and at most 1, 0.1 by default
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/slow_start">Envoy,
 *     Slow start mode</a>
 */
public record SlowStart(long windowNanos, double aggression, double floor) {
  /** What {@link #nextStepNanos} says when there is no next step. */
  public static final long NO_STEP = Long.MAX_VALUE;

  /** A straight line climbs by a fortieth of the weight at each step. */
  private static final int STEPS = 40;

  private static final long MIN_STEP_NANOS = Duration.ofMillis(100).toNanos();
  private static final Duration DEFAULT_WINDOW = Duration.ofSeconds(30);
  private static final Duration MIN_WINDOW = Duration.ofMillis(100);
  private static final Duration MAX_WINDOW = Duration.ofHours(1);

  public SlowStart {
    if (windowNanos <= 0 || !(aggression > 0) || !(floor > 0 && floor <= 1)) {
      throw new IllegalArgumentException(
          "window, aggression, floor: "
              + windowNanos
              + " ns, "
              + aggression
              + ", "
              + floor
              + " (expected: all above 0, the floor at most 1)");
    }
  }

  /**
   * Reads {@code slowStart} of the {@code evenkeel} object: {@code window}, {@code aggression} and
   * {@code floorPercent}, 1 to 100. Empty when it is not there, and then there is no slow start.
   *
   * @throws ConfigException naming the field that is wrong
   */
  public static Optional<SlowStart> parse(ConfigReader evenkeel) {
    boolean wanted = evenkeel.fieldNames().contains("slowStart");
    ConfigReader slowStart = evenkeel.object("slowStart");
    return wanted ? Optional.of(read(slowStart)) : Optional.empty();
  }

  private static SlowStart read(ConfigReader slowStart) {
    return new SlowStart(
        slowStart.durationValue("window", DEFAULT_WINDOW, MIN_WINDOW, MAX_WINDOW).toNanos(),
        slowStart.doubleValue("aggression", 1, 0.1, 10),
        slowStart.doubleValue("floorPercent", 10, 1, 100) / 100);
  }

  /** The factor for an endpoint of {@code ageNanos}; never falls with age. */
  public double factor(long ageNanos) {
    if (ageNanos >= windowNanos) {
      return 1;
    }
    double time = Math.max(0, ageNanos) / (double) windowNanos;
    return Math.max(floor, aggression == 1 ? time : Math.pow(time, 1 / aggression));
  }

  /**
   * How long from now factors are worth applying again, when the youngest endpoint is of {@code
   * youngestNanos}: a fortieth of the window, 100 ms at least, so one timer does for any number of
   * new endpoints. {@link #NO_STEP} when all have their full weight.
   */
  public long nextStepNanos(long youngestNanos) {
    long left = windowNanos - Math.max(0, youngestNanos);
    if (left <= 0) {
      return NO_STEP;
    }
    return Math.max(MIN_STEP_NANOS, Math.min(windowNanos / STEPS, left));
  }
}
