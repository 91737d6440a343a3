package io.evenkeel.demo;

import io.evenkeel.config.NearestName;
import io.grpc.Status;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a call is to misbehave, as the header {@code behavior} says it:
 *
 * <ul>
 *   <li>{@code sleep=200ms} waits before the call reaches the service; also {@code s}, at most one
 *       hour
 *   <li>{@code fail=UNAVAILABLE} fails with that status
 *   <li>{@code fail-first=2} fails the first two attempts of a call with UNAVAILABLE, or with the
 *       status of {@code fail}; later attempts are served
 *   <li>{@code hang} never answers
 * </ul>
 *
 * Several are joined by commas: {@code sleep=50ms,fail=INTERNAL} sleeps, then fails.
 *
 * @param sleepNanos how long to wait first
 * @param failure the status to fail with; OK for none
 * @param failFirst how many attempts fail; 0 when all do that are to fail
 * @param ending whether the call is answered at all
 */
record Behavior(long sleepNanos, Status.Code failure, int failFirst, Ending ending) {

  static final Behavior NORMAL = new Behavior(0, Status.Code.OK, 0, Ending.ANSWER);

  static final String SYNTAX =
      "expected: sleep=200ms, fail=UNAVAILABLE, fail-first=2 or hang, joined by commas";

  private static final Pattern SLEEP = Pattern.compile("(\\d{1,7})(ms|s)");
  private static final Pattern COUNT = Pattern.compile("\\d{1,3}");
  private static final Duration LONGEST_SLEEP = Duration.ofHours(1);

  enum Ending {
    ANSWER,
    HANG
  }

  /**
   * Reads the header.
   *
   * @throws IllegalArgumentException if it is malformed; the message shows the syntax
   */
  static Behavior parse(String text) {
    Behavior behavior = NORMAL;
    for (String part : text.split(",", -1)) {
      String trimmed = part.trim();
      if (!trimmed.isEmpty()) {
        behavior = behavior.with(trimmed);
      }
    }
    return behavior;
  }

  /** The status to fail the {@code attempt}-th attempt with, counted from 0; OK to serve it. */
  Status.Code failureOf(int attempt) {
    if (failFirst == 0) {
      return failure;
    }
    if (attempt >= failFirst) {
      return Status.Code.OK;
    }
    return failure == Status.Code.OK ? Status.Code.UNAVAILABLE : failure;
  }

  private Behavior with(String part) {
    int equals = part.indexOf('=');
    String name = equals < 0 ? part : part.substring(0, equals).trim();
    String value = equals < 0 ? "" : part.substring(equals + 1).trim();
    return switch (name) {
      case "sleep" -> new Behavior(parseSleep(part, value), failure, failFirst, ending);
      case "fail" -> new Behavior(sleepNanos, parseCode(part, value), failFirst, ending);
      case "fail-first" -> new Behavior(sleepNanos, failure, parseCount(part, value), ending);
      case "hang" -> new Behavior(sleepNanos, failure, failFirst, Ending.HANG);
      default -> throw malformed(part);
    };
  }

  private static long parseSleep(String part, String value) {
    Matcher matcher = SLEEP.matcher(value);
    if (!matcher.matches()) {
      throw malformed(part);
    }
    long amount = Long.parseLong(matcher.group(1));
    Duration sleep =
        matcher.group(2).equals("s") ? Duration.ofSeconds(amount) : Duration.ofMillis(amount);
    if (sleep.compareTo(LONGEST_SLEEP) > 0) {
      throw malformed(part);
    }
    return sleep.toNanos();
  }

  private static Status.Code parseCode(String part, String value) {
    List<Status.Code> codes = Arrays.asList(Status.Code.values());
    String name = value.toUpperCase(Locale.ROOT);
    Optional<Status.Code> code = codes.stream().filter(c -> c.name().equals(name)).findFirst();
    if (code.isEmpty() || code.get() == Status.Code.OK) {
      List<String> names = codes.stream().skip(1).map(Enum::name).toList();
      throw new IllegalArgumentException(
          "behavior \"" + part + "\": no such status " + NearestName.hint(value, names));
    }
    return code.get();
  }

  private static int parseCount(String part, String value) {
    if (!COUNT.matcher(value).matches()) {
      throw malformed(part);
    }
    return Integer.parseInt(value);
  }

  private static IllegalArgumentException malformed(String part) {
    return new IllegalArgumentException("behavior \"" + part + "\" (" + SYNTAX + ")");
  }
}
