package io.evenkeel.discovery;

import io.grpc.Status;
import java.util.List;

/** Says in words what is wrong with a list or its source. */
final class ProblemText {
  /** More problems than these are only counted, so that one bad list cannot flood a log. */
  private static final int SHOWN = 5;

  private ProblemText() {}

  /** What was left out of {@code set}; empty where nothing was. */
  static String of(EndpointSet set) {
    List<String> problems = set.problems();
    String shown = String.join("; ", problems.subList(0, Math.min(SHOWN, problems.size())));
    int more = problems.size() - SHOWN;
    return more > 0 ? shown + "; and " + more + " more" : shown;
  }

  /** Why {@code set}, which has no endpoint, is of no use. */
  static String empty(EndpointSet set) {
    String problems = of(set);
    return problems.isEmpty() ? "no endpoints" : "no endpoints: " + problems;
  }

  /** The description of {@code status}, or its code where it has none. */
  static String of(Status status) {
    String description = status.getDescription();
    return description == null ? status.getCode().name() : description;
  }

  /** Both, where both say something. */
  static String join(String first, String second) {
    return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
  }
}
