package io.evenkeel.discovery.consul;

import com.google.common.net.UrlEscapers;
import com.google.gson.JsonObject;
import java.time.Duration;

/**
 * One request to Consul's HTTP API.
 *
 * @param method of HTTP
 * @param path with the query, beginning with {@code /v1/}
 * @param body JSON, or empty
 * @param timeout bound on the whole answer of one agent
 */
record ConsulQuestion(String method, String path, String body, Duration timeout) {

  static ConsulQuestion get(String path, Duration timeout) {
    return new ConsulQuestion("GET", path, "", timeout);
  }

  static ConsulQuestion put(String path, JsonObject body, Duration timeout) {
    return new ConsulQuestion("PUT", path, body.toString(), timeout);
  }

  /** The same with another timeout. */
  ConsulQuestion within(Duration timeout) {
    return new ConsulQuestion(method, path, body, timeout);
  }

  /** {@code text} as one segment of a path, or the value of a parameter. */
  static String escape(String text) {
    // A form's escape of a space is a plus, which a path takes literally.
    return UrlEscapers.urlFormParameterEscaper().escape(text).replace("+", "%20");
  }
}
