package io.evenkeel.slowstart;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How old an endpoint is when a client first sees it.
 *
 * <p>One that appears while the client watches is new. One that was there before the client is as
 * old as its registration says, and else old: a client that has just started must not take a fleet
 * that has served for days for a new one.
 */
public final class EndpointAge {
  /**
   * Where a registration may say in its metadata when its process started: seconds since 1970, or
   * an instant such as {@code 2030-01-31T12:00:00Z}.
   */
  public static final String METADATA_KEY = "started-at";

  /** Older than any window, and still fit to be subtracted from any time in nanoseconds. */
  public static final long OLD_NANOS = Long.MAX_VALUE / 2;

  private static final Pattern SECONDS = Pattern.compile("(\\d{1,12})(?:\\.\\d{1,9})?");

  /** In which list of a client an endpoint appeared. */
  public enum Listing {
    /** In the first one that had endpoints. */
    FIRST,
    /** In one after that, and not in the one before. */
    LATER
  }

  private EndpointAge() {}

  /**
   * The age of an endpoint with {@code metadata} at the moment it is listed, in nanoseconds, 0 to
   * {@link #OLD_NANOS}. A start that cannot be read, or lies in the future, is as good as none.
   */
  public static long whenListed(Listing listing, Map<String, String> metadata, Instant now) {
    if (listing == Listing.LATER) {
      return 0;
    }
    String text = metadata.get(METADATA_KEY);
    Instant started = text == null ? null : instant(text.strip());
    if (started == null || started.isAfter(now)) {
      return OLD_NANOS;
    }
    Duration age = Duration.between(started, now);
    return age.compareTo(Duration.ofNanos(OLD_NANOS)) < 0 ? age.toNanos() : OLD_NANOS;
  }

  private static @Nullable Instant instant(String text) {
    Matcher seconds = SECONDS.matcher(text);
    if (seconds.matches()) {
      return Instant.ofEpochSecond(Long.parseLong(seconds.group(1)));
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException unreadable) {
      return null;
    }
  }
}
