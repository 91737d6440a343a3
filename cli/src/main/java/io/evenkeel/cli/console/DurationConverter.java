package io.evenkeel.cli.console;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration as people write it: {@code 500ms}, {@code 2s}, {@code 1.5s}, {@code 3m}. */
public final class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern SYNTAX = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(us|ms|s|m|h)");
  private static final Map<String, Long> NANOS_PER_UNIT =
      Map.of(
          "us", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);
  private static final BigDecimal LONGEST_NANOS =
      BigDecimal.valueOf(Duration.ofDays(365).toNanos());

  @Override
  public Duration convert(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw malformed(text);
    }
    long unit = NANOS_PER_UNIT.getOrDefault(matcher.group(2), 0L);
    BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
    if (nanos.compareTo(LONGEST_NANOS) > 0) {
      throw malformed(text);
    }
    return Duration.ofNanos(nanos.longValue());
  }

  private static TypeConversionException malformed(String text) {
    return new TypeConversionException(
        "'" + text + "' is not a duration (expected: a number and us, ms, s, m or h, as in 500ms)");
  }
}
