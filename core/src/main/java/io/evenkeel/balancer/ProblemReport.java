package io.evenkeel.balancer;

import io.grpc.Status;
import java.util.Collection;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says in words what is wrong with which endpoints. */
final class ProblemReport {
  /** More addresses than this make no error message clearer. */
  private static final int MAX_ENDPOINTS = 5;

  /** How discovery begins, and the message around this report too. */
  private static final Pattern TARGET = Pattern.compile("^target \"[^\"]*\": ");

  private ProblemReport() {}

  /**
   * The first few endpoints that do not take calls and have a reason, then what discovery complains
   * of.
   */
  static String of(Collection<EndpointConnection> connections, Status discoveryProblem) {
    StringJoiner problems = new StringJoiner("; ");
    int named = 0;
    for (EndpointConnection connection : connections) {
      if (!connection.standing().troubled()) {
        continue;
      }
      if (++named > MAX_ENDPOINTS) {
        problems.add("…");
        break;
      }
      problems.add(connection.endpoint().displayAddress() + ": " + describe(connection.problem()));
    }
    if (!discoveryProblem.isOk()) {
      problems.add("discovery: " + TARGET.matcher(describe(discoveryProblem)).replaceFirst(""));
    }
    return problems.toString();
  }

  /**
   * The description, and the innermost cause where it says more: gRPC describes a refused
   * connection as "io exception".
   */
  static String describe(Status status) {
    String description =
        status.getDescription() == null ? status.getCode().toString() : status.getDescription();
    String cause = innermostMessage(status.getCause());
    return cause == null || description.contains(cause)
        ? description
        : description + " (" + cause + ")";
  }

  private static @Nullable String innermostMessage(@Nullable Throwable cause) {
    if (cause == null) {
      return null;
    }
    Throwable innermost = cause;
    while (innermost.getCause() != null && innermost.getCause() != innermost) {
      innermost = innermost.getCause();
    }
    return innermost.getMessage();
  }
}
