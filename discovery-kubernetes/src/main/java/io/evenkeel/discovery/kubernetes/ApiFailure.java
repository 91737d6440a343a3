package io.evenkeel.discovery.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why an API server did not do what it was asked. */
final class ApiFailure extends IOException {
  private static final long serialVersionUID = 1L;

  private static final Pattern USER = Pattern.compile("User \"([^\"]+)\"");
  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";
  private static final String ANONYMOUS = "system:anonymous";
  private static final String LOG_IN =
      " (in a pod, see that it mounts the token of its service account; outside, try kubectl get"
          + " --raw /version; or set EVENKEEL_KUBERNETES_TOKEN_FILE)";

  private final int status;
  private final Duration retryAfter;

  /**
   * What was asked for.
   *
   * @param verb as RBAC calls it
   */
  record Wish(String verb, String namespace) {}

  private ApiFailure(String message, int status, Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** An answer that is not what was asked for. */
  static ApiFailure of(ApiAnswer answer, Wish wish) {
    String said = answer.message();
    String why =
        switch (answer.status()) {
          case ApiAnswer.UNAUTHORIZED -> "the credentials are not accepted: " + said + LOG_IN;
          case ApiAnswer.FORBIDDEN -> forbidden(said, wish);
          case ApiAnswer.NOT_FOUND ->
              "no EndpointSlices are served here (Kubernetes has them since 1.17): " + said;
          default -> "HTTP status " + answer.status() + ": " + said;
        };
    Duration rest = answer.retryAfter();
    String wait = rest.isZero() ? "" : " (asks for " + rest.toSeconds() + " s of rest)";
    return new ApiFailure(why + wait, answer.status(), rest, null);
  }

  private static String forbidden(String said, Wish wish) {
    Matcher matcher = USER.matcher(said);
    String user = matcher.find() ? matcher.group(1) : "";
    if (user.equals(ANONYMOUS)) {
      // Whoever granted it what it may not would open the cluster to everybody.
      return "the request came without credentials that this API server takes: " + said + LOG_IN;
    }
    return "%s may not %s endpointslices.discovery.k8s.io in the namespace \"%s\" (%s)"
            .formatted(
                user.isEmpty() ? "this process" : "\"" + user + "\"",
                wish.verb,
                wish.namespace,
                said)
        + ("; grant it: kubectl -n %1$s create role evenkeel-discovery --verb=list,watch"
                + " --resource=endpointslices.discovery.k8s.io && kubectl -n %1$s create"
                + " rolebinding evenkeel-discovery --role=evenkeel-discovery %2$s")
            .formatted(wish.namespace, subject(user));
  }

  private static String subject(String user) {
    if (user.startsWith(SERVICE_ACCOUNT)) {
      return "--serviceaccount=" + user.substring(SERVICE_ACCOUNT.length());
    }
    return user.isEmpty() ? "--serviceaccount=NAMESPACE:NAME" : "--user='" + user + "'";
  }

  /** An API server that cannot be reached, breaks off, or is none. */
  static ApiFailure of(Throwable error) {
    Throwable cause = error;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof ApiFailure failure
        ? failure
        : new ApiFailure(reason(cause), 0, Duration.ZERO, cause);
  }

  private static String reason(Throwable cause) {
    if (cause instanceof ConnectException) {
      boolean unknown = cause.getCause() instanceof UnresolvedAddressException;
      return unknown ? "its host name is unknown" : "Connection refused, or no answer to it";
    }
    if (cause instanceof HttpTimeoutException) {
      return "no answer within " + ApiClient.ANSWER_TIMEOUT.toSeconds() + " s";
    }
    Throwable unreadable = cause instanceof UncheckedIOException ? cause.getCause() : null;
    if (unreadable != null) {
      return String.valueOf(unreadable.getMessage());
    }
    return cause instanceof RuntimeException ? cause.toString() : rootMessage(cause);
  }

  /** What the deepest cause of {@code error} says, in one line. */
  static String rootMessage(Throwable error) {
    Throwable deepest = error;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String said = deepest.getMessage() == null ? deepest.toString() : deepest.getMessage();
    return said.lines().findFirst().orElse("");
  }

  /** Something else that is wrong, in words. */
  static ApiFailure of(String why) {
    return new ApiFailure(why, 0, Duration.ZERO, null);
  }

  /**
   * Whether the version to begin with is no longer kept, so that only a list tells what changed.
   */
  boolean gone() {
    return status == ApiAnswer.GONE;
  }

  /** Whether an answer of HTTP said so, and not a connection that broke. */
  boolean refused() {
    return status != 0 && !gone();
  }

  /** How long the API server asks to be left alone; zero where it does not. */
  Duration retryAfter() {
    return retryAfter;
  }
}
