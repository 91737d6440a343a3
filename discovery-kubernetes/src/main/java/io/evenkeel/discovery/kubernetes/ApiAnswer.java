package io.evenkeel.discovery.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;

/**
 * What an API server has answered.
 *
 * @param status of HTTP
 * @param retryAfter how long it asks to be left alone; zero where it does not
 * @param body all of it
 */
record ApiAnswer(int status, Duration retryAfter, String body) {
  static final int OK = 200;
  static final int UNAUTHORIZED = 401;
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int GONE = 410;
  static final int GATEWAY_TIMEOUT = 504;

  private static final int MAX_SHOWN = 200;

  boolean isOk() {
    return status == OK;
  }

  /** What it says in words: the message of Kubernetes' Status, else the beginning of the body. */
  String message() {
    try {
      String message = SliceJson.tree(body).path("message").asText();
      if (!message.isEmpty()) {
        return message;
      }
    } catch (IOException notJson) {
      // Shown as it is: it may be the answer of a proxy.
    }
    String text = body.substring(0, Math.min(body.length(), MAX_SHOWN));
    return text.replaceAll("[\\p{Cntrl}\\s]+", " ").trim();
  }

  /** Whether it can no longer, or not yet, answer for the resource version that was asked for. */
  boolean versionIsOutOfReach() {
    return status == GONE || (status == GATEWAY_TIMEOUT && message().contains("resource version"));
  }

  /** The same as a Status of Kubernetes within a watch says it. */
  static ApiAnswer of(JsonNode status) {
    int seconds = status.path("details").path("retryAfterSeconds").asInt();
    return new ApiAnswer(
        status.path("code").asInt(), Duration.ofSeconds(Math.max(0, seconds)), status.toString());
  }
}
