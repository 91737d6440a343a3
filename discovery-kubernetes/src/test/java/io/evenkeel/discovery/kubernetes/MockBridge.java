package io.evenkeel.discovery.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands in front of fabric8's mock, which tells watches by WebSocket only, and passes its events
 * on as lines of an answer, as API servers do. Lists go through as they are.
 */
final class MockBridge implements AutoCloseable {
  private static final long HEARTBEAT_MILLIS = 100;

  private final int mockPort;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledThreadPoolExecutor heartbeat = new ScheduledThreadPoolExecutor(1);
  private final HttpClient client = HttpClient.newBuilder().executor(threads).build();
  private final Set<String> watched = ConcurrentHashMap.newKeySet();
  private final HttpServer server;

  MockBridge(int mockPort) throws IOException {
    this.mockPort = mockPort;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /**
   * Whether a watch of {@code service} was opened. The mock tells a watch what has come before it,
   * but not what has gone.
   */
  boolean watched(String service) {
    return watched.contains(service);
  }

  private static String service(String target) {
    return target.replaceAll(".*service-name%3D([a-z0-9-]+).*", "$1");
  }

  private void handle(HttpExchange exchange) throws IOException {
    String target = "127.0.0.1:" + mockPort + exchange.getRequestURI();
    if (target.contains("watch=true")) {
      exchange.sendResponseHeaders(200, 0);
      Lines lines = new Lines(exchange.getResponseBody());
      lines.write("\n");
      CompletableFuture<WebSocket> socket =
          client.newWebSocketBuilder().buildAsync(URI.create("ws://" + target), lines);
      var unused = socket.thenRun(() -> watched.add(service(target)));
      abortWhenGone(exchange, lines, socket);
      return;
    }
    try {
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://" + target)).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
      exchange.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** That a watch has gone is only seen by writing to it. */
  private void abortWhenGone(
      HttpExchange exchange, Lines lines, CompletableFuture<WebSocket> socket) {
    AtomicReference<Future<?>> timer = new AtomicReference<>();
    timer.set(
        heartbeat.scheduleWithFixedDelay(
            () -> {
              try {
                lines.write("\n");
              } catch (IOException gone) {
                var unused = socket.thenAccept(WebSocket::abort);
                exchange.close();
                timer.get().cancel(false);
              }
            },
            HEARTBEAT_MILLIS,
            HEARTBEAT_MILLIS,
            TimeUnit.MILLISECONDS));
  }

  @Override
  public void close() {
    server.stop(0);
    heartbeat.shutdownNow();
    threads.shutdownNow();
  }

  /** One event a message. */
  private record Lines(OutputStream stream) implements WebSocket.Listener {
    synchronized void write(String text) throws IOException {
      stream.write(text.getBytes(StandardCharsets.UTF_8));
      stream.flush();
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      try {
        write(part + (last ? "\n" : ""));
      } catch (IOException gone) {
        socket.abort();
        throw new UncheckedIOException(gone);
      }
      socket.request(1);
      return null;
    }
  }
}
