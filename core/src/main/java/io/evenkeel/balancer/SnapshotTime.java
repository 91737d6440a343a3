package io.evenkeel.balancer;

import io.evenkeel.Occurrence;
import java.time.Duration;
import java.time.Instant;

/**
 * One moment on both clocks. Ages are taken from the one that nobody sets; people get the time of
 * the wall clock.
 */
record SnapshotTime(Instant wall, long nanos) {

  Duration age(long sinceNanos) {
    return Duration.ofNanos(Math.max(0, nanos - sinceNanos));
  }

  Instant instant(long sinceNanos) {
    return wall.minus(age(sinceNanos));
  }

  Occurrence occurrence(String what, long atNanos) {
    return new Occurrence(what, instant(atNanos), age(atNanos));
  }
}
