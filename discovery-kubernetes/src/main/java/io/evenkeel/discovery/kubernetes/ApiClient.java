package io.evenkeel.discovery.kubernetes;

import io.evenkeel.discovery.Turns;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks one API server. It does nothing by itself: no repetition, no resumption. fabric8 finds the
 * credentials and renews tokens, and the JDK's HTTP client carries it.
 *
 * <p>HTTP/1.1, so that each watch has a connection of its own: API servers bound the streams of an
 * HTTP/2 connection, beyond which the JDK's client fails, and one that hangs would hang all
 * watches.
 *
 * <p>Thread-safe.
 */
final class ApiClient {
  /** For the beginning of an answer; a look is two requests, within the supervisor's patience. */
  static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(7);

  /** A client that had no answer for so long is not given to anybody any more. */
  private static final Duration HOPELESS_AFTER = Duration.ofMinutes(2);

  /**
   * Each list needs a connection while it lasts: a thousand services that begin together would open
   * a thousand, to use them once.
   */
  static final int LISTS_AT_ONCE = 32;

  private final Turns lists = new Turns(LISTS_AT_ONCE);
  private final ApiAccess access;
  private final HttpClient http;
  private volatile long answeredNanos = System.nanoTime();

  /** Hears the answer to a request, from one thread at a time. */
  interface Reader {

    /** The answer begins. */
    void onStatus(int status, Duration retryAfter);

    /**
     * More of its body.
     *
     * @throws IOException if it is of no use; that ends it
     */
    void onBytes(ByteBuffer bytes) throws IOException;

    /** It is over, by an error where there is one. Called once. */
    void onEnd(@Nullable Throwable error);
  }

  /**
   * Opens nothing yet.
   *
   * @throws IOException if files for TLS are of no use
   */
  ApiClient(ApiAccess access, HttpClient.Factory factory) throws IOException {
    this.access = access;
    try {
      this.http = factory.newBuilder(access.config()).build();
    } catch (KubernetesClientException e) {
      throw new IOException(
          "its certificates or keys cannot be used: " + ApiFailure.rootMessage(e), e);
    }
  }

  /** Whether it can be shared: its files are unchanged, and it does not fail all the time. */
  boolean isCurrent() {
    return access.isCurrent() && System.nanoTime() - answeredNanos < HOPELESS_AFTER.toNanos();
  }

  /** Where services are looked for whose target names no namespace. */
  String namespace() {
    return access.namespace();
  }

  /** What messages call it: {@code Kubernetes at https://10.0.0.1:443}. */
  String describe() {
    return "Kubernetes at " + access.server();
  }

  /** Whoever lists takes one of these turns; watches need none. */
  Turns lists() {
    return lists;
  }

  /** Begins to read {@code path}. May block while a program for credentials runs. */
  ApiCall get(String path, Reader reader) {
    ApiCall call = new ApiCall();
    HttpRequest request =
        http.newHttpRequestBuilder()
            .uri(access.server() + path)
            .header("Accept", "application/json")
            .timeout(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .build();
    try {
      var unused =
          http.consumeBytes(request, (buffers, body) -> read(buffers, body, reader))
              .whenComplete((response, error) -> begun(call, response, error, reader));
    } catch (RuntimeException e) {
      reader.onEnd(e);
    }
    return call;
  }

  private static void read(List<ByteBuffer> buffers, AsyncBody body, Reader reader)
      throws IOException {
    for (ByteBuffer each : buffers) {
      reader.onBytes(each);
    }
    body.consume();
  }

  private void begun(
      ApiCall call,
      @Nullable HttpResponse<AsyncBody> response,
      @Nullable Throwable error,
      Reader reader) {
    if (response == null) {
      reader.onEnd(error == null ? new IOException("no answer") : error);
      return;
    }
    answeredNanos = System.nanoTime();
    reader.onStatus(response.code(), retryAfter(response));
    AsyncBody body = response.body();
    var unused = body.done().whenComplete((nothing, failure) -> reader.onEnd(failure));
    call.begun(body);
    body.consume();
  }

  private static Duration retryAfter(HttpResponse<?> response) {
    String seconds = response.header("Retry-After");
    return seconds != null && seconds.matches("\\d{1,9}")
        ? Duration.ofSeconds(Long.parseLong(seconds))
        : Duration.ZERO;
  }
}
