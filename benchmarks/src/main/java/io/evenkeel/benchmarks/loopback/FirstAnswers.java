package io.evenkeel.benchmarks.loopback;

import java.util.Locale;

/**
 * How long a new channel takes.
 *
 * @param firstMillis from making the channel to the first answer
 * @param allMillis to the first answer of the last endpoint; not a number when not all have
 *     answered
 * @param answered how many endpoints have answered
 * @param failed calls that failed meanwhile
 */
record FirstAnswers(
    double firstMillis, double connectedMillis, double allMillis, int answered, int failed) {

  /** Reads what {@link #toLine} wrote. */
  static FirstAnswers parse(String line) {
    String[] fields = line.split(" ", -1);
    return new FirstAnswers(
        Double.parseDouble(fields[0]),
        Double.parseDouble(fields[1]),
        Double.parseDouble(fields[2]),
        Integer.parseInt(fields[3]),
        Integer.parseInt(fields[4]));
  }

  String toLine() {
    return String.format(
        Locale.ROOT,
        "%.1f %.1f %.1f %d %d",
        firstMillis,
        connectedMillis,
        allMillis,
        answered,
        failed);
  }
}
