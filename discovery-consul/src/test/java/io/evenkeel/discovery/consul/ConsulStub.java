package io.evenkeel.discovery.consul;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An agent that says what a test wants, also what no good Consul would. By default it answers
 * blocking queries as Consul does. Thread-safe.
 */
final class ConsulStub implements AutoCloseable {
  /** As an answer: none, until the stub is closed. */
  static final Answer SILENCE = new Answer(0, Map.of(), "");

  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final String address;
  private volatile Function<Request, Answer> script = this::serve;

  private long index = 1; // guarded by this
  private String body = "[]"; // guarded by this

  /** One request; {@code index} is -1 where it is plain. */
  record Request(
      int number, String uri, long index, long nanos, @Nullable String token, String method) {

    boolean isPlain() {
      return index < 0;
    }
  }

  record Answer(int status, Map<String, String> headers, String body) {
    static Answer of(int status, String body) {
      return new Answer(status, Map.of(), body);
    }

    static Answer ofIndex(long index, String body) {
      return new Answer(200, Map.of("X-Consul-Index", Long.toString(index)), body);
    }
  }

  private ConsulStub(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    address = "127.0.0.1:" + server.getAddress().getPort();
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  static ConsulStub start() throws IOException {
    return new ConsulStub(0);
  }

  /** Where it listens: host and port. */
  String address() {
    return address;
  }

  /** What it answers from now on, in place of what was published. */
  void answer(Function<Request, Answer> script) {
    this.script = script;
  }

  /** Answers as Consul does again. */
  void recover() {
    this.script = this::serve;
  }

  /** What Consul lists from now on; blocking queries for another index return. */
  synchronized void publish(long index, String body) {
    this.index = index;
    this.body = body;
    notifyAll();
  }

  /** A list of instances at these ports of 127.0.0.1, with the port as their ids. */
  static String instances(int... ports) {
    StringBuilder list = new StringBuilder();
    for (int port : ports) {
      list.append(list.isEmpty() ? "" : ",")
          .append(
              "{\"Node\":{\"Node\":\"n\"},\"Service\":{\"ID\":\"%d\",\"Address\":\"127.0.0.1\",\"Port\":%d}}"
                  .formatted(port, port));
    }
    return "[" + list + "]";
  }

  /** All that were made so far. */
  List<Request> requests() {
    return requests;
  }

  private void handle(HttpExchange exchange) throws IOException {
    // Both streams are used up, else the server would close a connection that the client keeps.
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String uri = exchange.getRequestURI().toString();
      Request request =
          new Request(
              requests.size(),
              uri,
              uri.contains("index=")
                  ? Long.parseLong(uri.replaceAll(".*[?&]index=(\\d+).*", "$1"))
                  : -1,
              System.nanoTime(),
              exchange.getRequestHeaders().getFirst("X-Consul-Token"),
              exchange.getRequestMethod());
      requests.add(request);
      Answer answer = script.apply(request);
      if (answer.equals(SILENCE)) {
        closed.await();
        return;
      }
      byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
      answer.headers.forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(answer.status, bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** As Consul does it, with waits in milliseconds. */
  synchronized Answer serve(Request request) {
    long patience =
        request.uri.contains("wait=")
            ? Long.parseLong(request.uri.replaceAll(".*[?&]wait=(\\d+)ms.*", "$1"))
            : 0;
    long end = System.nanoTime() + patience * 1_000_000;
    try {
      while (request.index == index && end - System.nanoTime() > 0 && closed.getCount() > 0) {
        wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
    return closed.getCount() > 0 ? Answer.ofIndex(index, body) : SILENCE;
  }

  @Override
  public void close() {
    closed.countDown();
    synchronized (this) {
      notifyAll();
    }
    server.stop(0);
    threads.shutdownNow();
  }
}
