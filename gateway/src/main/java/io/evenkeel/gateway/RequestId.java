package io.evenkeel.gateway;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name of one request, in its answer, upstream and in the access log. */
final class RequestId {
  static final String HEADER = "x-request-id";

  /** What may stand in a log line as it is; anything else is replaced. */
  private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");

  private RequestId() {}

  /** The client's own id when it is one, otherwise a fresh one. */
  static String of(@Nullable String fromClient) {
    if (fromClient != null && ACCEPTED.matcher(fromClient).matches()) {
      return fromClient;
    }
    return UUID.randomUUID().toString();
  }
}
