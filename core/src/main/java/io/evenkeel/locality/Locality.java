package io.evenkeel.locality;

/**
 * A group of endpoints and how they stand.
 *
 * @param priority 0 is to be used first
 * @param zone empty when unknown
 * @param judged endpoints that have proved good or bad; those that are being connected for the
 *     first time have not
 * @param good those that take calls
 * @param usable those that could, if it came to that: the good ones and the bad ones that are
 *     connected
 */
public record Locality(int priority, String zone, int judged, int good, int usable) {

  public Locality {
    if (good < 0 || good > usable || usable > judged) {
      throw new IllegalArgumentException(
          "good, usable, judged: "
              + good
              + ", "
              + usable
              + ", "
              + judged
              + " (expected: each at most the next, none below 0)");
    }
  }

  /** The group as it is when verdicts are not believed: what is connected is good. */
  Locality usingAll() {
    return new Locality(priority, zone, judged, usable, usable);
  }
}
