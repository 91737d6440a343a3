package io.evenkeel.outlier;

import java.time.Duration;
import java.util.Locale;

/**
 * That an endpoint is taken out of use.
 *
 * @param reason in words, such as {@code 5 failures in a row, the last UNAVAILABLE: refused}
 * @param duration until it is tried again
 * @param times how often it has been ejected of late, this one included
 */
public record Ejection(String reason, Duration duration, int times) {

  /** The ejection in words. */
  @Override
  public String toString() {
    return reason
        + "; ejected for "
        + String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3)
        + (times > 1 ? ", the " + times + ". time" : "");
  }
}
