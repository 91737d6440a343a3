package io.evenkeel.discovery.consul;

import io.evenkeel.discovery.HostPort;
import io.evenkeel.discovery.RegistryTls;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * HTTP by the JDK's client, which all discoveries and registrars of the process share where they
 * need the same TLS: a thread that waits for all connections, and {@link #THREADS} at most that
 * read answers, whatever the number of services.
 *
 * <p>The JDK 17 ends a client when nobody refers to it any more, and not before. So it is only
 * referred to from here weakly, and users keep it as long as they need it. Thread-safe.
 */
final class ConsulHttp {
  /** Answers are read in milliseconds; this is for the moment in which they all come. */
  static final int THREADS = 4;

  /** Below any question's own bound. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** 100,000 instances with some metadata. */
  private static final int MAX_ANSWER_BYTES = 64 << 20;

  private static final long KEEP_SECONDS = 2;

  private static final ThreadPoolExecutor executor = newExecutor();
  private static final Map<Optional<RegistryTls>, WeakReference<HttpClient>> clients =
      new HashMap<>(); // guarded by itself

  private final ConsulAccess access;
  private final HttpClient client;

  private ConsulHttp(ConsulAccess access, HttpClient client) {
    this.access = access;
    this.client = client;
  }

  /** Its queue holds a task or two of each question under way, so it is bounded by their number. */
  private static ThreadPoolExecutor newExecutor() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            KEEP_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              String name = "evenkeel-consul-" + number.incrementAndGet();
              // Keeps nothing of whoever happens to start it from being collected.
              Thread thread = new Thread(null, task, name, 0, false);
              thread.setDaemon(true);
              thread.setContextClassLoader(ConsulHttp.class.getClassLoader());
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * Opens nothing yet. Reads the files for TLS.
   *
   * @throws IOException naming the file that cannot be read or is no certificate or key
   */
  static ConsulHttp of(ConsulAccess access) throws IOException {
    Optional<RegistryTls> tls = access.readTls();
    synchronized (clients) {
      clients.values().removeIf(each -> each.get() == null);
      WeakReference<HttpClient> known = clients.get(tls);
      HttpClient client = known == null ? null : known.get();
      if (client == null) {
        client = newClient(tls);
        clients.put(tls, new WeakReference<>(client));
      }
      return new ConsulHttp(access, client);
    }
  }

  private static HttpClient newClient(Optional<RegistryTls> tls) throws IOException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            // Consul speaks HTTP/2 over TLS only, and then bounds the questions of a connection.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(executor);
    if (tls.isPresent()) {
      builder.sslContext(tls.get().context());
    }
    return builder.build();
  }

  /**
   * Asks {@code agent}. Cancelling the answer ends the request. Does not bound the time that the
   * body takes. Reads the token's file.
   *
   * @throws IOException naming the token file that cannot be read
   */
  CompletableFuture<ConsulAnswer> send(InetSocketAddress agent, ConsulQuestion question)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(access.scheme() + "://" + HostPort.format(agent) + question.path()))
            .timeout(question.timeout())
            .method(
                question.method(),
                question.body().isEmpty()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(question.body()));
    String token = token();
    if (token != null) {
      request.header("X-Consul-Token", token);
    }
    return send(request.build());
  }

  /**
   * What the JDK's client hands out is completed by the common pool, which an application that
   * blocks there would take our answers with. So an answer is taken where it is read.
   */
  private CompletableFuture<ConsulAnswer> send(HttpRequest request) {
    CompletableFuture<ConsulAnswer> answer = new CompletableFuture<>();
    var sent =
        client.sendAsync(
            request,
            head -> {
              BoundedBody body = new BoundedBody(MAX_ANSWER_BYTES);
              CompletionStage<?> unused =
                  body.getBody()
                      .thenAccept(
                          bytes ->
                              answer.complete(
                                  ConsulAnswer.of(head.statusCode(), head.headers(), bytes)));
              return body;
            });
    CompletableFuture<?> unusedFailure =
        sent.whenComplete(
            (response, error) -> {
              if (error != null) {
                answer.completeExceptionally(error);
              }
            });
    CompletableFuture<?> unusedEnd =
        answer.whenComplete(
            (told, error) -> {
              // One that has its answer would only lose its connection.
              if (error != null) {
                sent.cancel(true);
              }
            });
    return answer;
  }

  private @Nullable String token() throws IOException {
    String token = access.credentials().token();
    if (token != null && !token.matches("[\\x21-\\x7e]+")) {
      // Not quoted, and refused here: the client's own message would show it.
      throw new IOException("the token is no single word of ASCII (EVENKEEL_CONSUL_TOKEN)");
    }
    return token;
  }
}
