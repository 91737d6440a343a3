package io.evenkeel.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds what somebody probably meant to write. */
public final class NearestName {

  private NearestName() {}

  /**
   * Ends an error message: {@code (did you mean "choiceCount"?)} where one of {@code valid} is
   * close to {@code written}, else {@code (expected one of: …)}.
   */
  public static String hint(String written, Collection<String> valid) {
    if (valid.isEmpty()) {
      return "(expected: no field at all)";
    }
    String nearest =
        valid.stream().min(Comparator.comparingInt(name -> distance(written, name))).orElseThrow();
    // Half the letters wrong is no typing error any more.
    boolean close = distance(written, nearest) <= Math.max(1, nearest.length() / 2);
    return close
        ? "(did you mean \"" + nearest + "\"?)"
        : "(expected one of: " + String.join(", ", valid) + ")";
  }

  /** Levenshtein's edit distance, letters compared without case. */
  private static int distance(String left, String right) {
    String from = left.toLowerCase(Locale.ROOT);
    String to = right.toLowerCase(Locale.ROOT);
    int[] costs = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      costs[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      nextRow(costs, from.charAt(i - 1), to, i);
    }
    return costs[to.length()];
  }

  private static void nextRow(int[] costs, char letter, String to, int row) {
    int diagonal = costs[0];
    costs[0] = row;
    for (int j = 1; j <= to.length(); j++) {
      int replace = diagonal + (letter == to.charAt(j - 1) ? 0 : 1);
      diagonal = costs[j];
      costs[j] = Math.min(replace, 1 + Math.min(costs[j - 1], costs[j]));
    }
  }
}
