package io.evenkeel.discovery.consul;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Why Consul did not do what it was asked. */
final class ConsulFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int FORBIDDEN = 403;
  private static final String HOW_TO_LOG_IN =
      "; set EVENKEEL_CONSUL_TOKEN or _TOKEN_FILE, or call RegistryCredentials.set";

  private final boolean refused;
  private final Duration retryAfter;

  private ConsulFailure(
      String message, boolean refused, Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.refused = refused;
    this.retryAfter = retryAfter;
  }

  /**
   * An agent that cannot be reached, is silent, or is no Consul.
   *
   * @param agent what the message begins with
   */
  static ConsulFailure of(String agent, ConsulQuestion question, Throwable error) {
    Throwable cause = error;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return new ConsulFailure(agent + reason(cause, question), false, Duration.ZERO, cause);
  }

  private static String reason(Throwable cause, ConsulQuestion question) {
    if (cause instanceof ConnectException) {
      boolean unknown = cause.getCause() instanceof UnresolvedAddressException;
      return unknown ? "this host name is unknown" : "Connection refused";
    }
    if (cause instanceof HttpConnectTimeoutException) {
      return "no connection within " + ConsulHttp.CONNECT_TIMEOUT.toMillis() + " ms";
    }
    if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
      return "no answer within " + question.timeout().toMillis() + " ms";
    }
    Throwable deepest = cause;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String said = deepest.getMessage();
    return said == null || cause instanceof RuntimeException ? deepest.toString() : said;
  }

  /**
   * An answer that is not what was asked for.
   *
   * @param agent what the message begins with
   * @param rules of Consul's ACL that the token needs for it
   */
  static ConsulFailure of(String agent, ConsulAnswer answer, String rules) {
    boolean forbidden = answer.status() == FORBIDDEN;
    String why =
        forbidden
            ? answer.text() + " (the token needs " + rules + HOW_TO_LOG_IN + ")"
            : "HTTP status " + answer.status() + ": " + answer.text();
    String wait =
        answer.retryAfter().isZero()
            ? ""
            : " (asks for " + answer.retryAfter().toSeconds() + " s of rest)";
    return new ConsulFailure(agent + why + wait, forbidden, answer.retryAfter(), null);
  }

  /** An answer of status 200 that is not what Consul says. */
  static ConsulFailure nonsense(String describe, ConsulAnswer answer, RuntimeException why) {
    return new ConsulFailure(
        describe + ": the answer is not Consul's: \"" + answer.text() + "\"",
        false,
        Duration.ZERO,
        why);
  }

  /** Whether every agent of this Consul would say the same. */
  boolean refused() {
    return refused;
  }

  /** How long the agent asks to be left alone; zero where it does not. */
  Duration retryAfter() {
    return retryAfter;
  }

  /** The failure that {@code error}, of a future, is or carries. */
  static ConsulFailure in(Throwable error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (each instanceof ConsulFailure failure) {
        return failure;
      }
    }
    return new ConsulFailure(error.toString(), false, Duration.ZERO, error);
  }

  /** For a file that cannot be read. */
  static ConsulFailure of(IOException error) {
    return new ConsulFailure(String.valueOf(error.getMessage()), true, Duration.ZERO, error);
  }
}
