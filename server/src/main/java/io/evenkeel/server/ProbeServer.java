package io.evenkeel.server;

import com.google.gson.Gson;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Answers {@code /livez} and {@code /readyz} over HTTP with a status for orchestrators and a JSON
 * body with the reasons for people.
 *
 * <p>Alive is a process that can answer at all: restarting it would not bring its registry back.
 */
final class ProbeServer {
  /** More probes at once than any orchestrator sends; beyond it connections are closed. */
  private static final int MAX_THREADS = 16;

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;
  private static final int NO_BODY = -1;
  private static final Gson GSON = new Gson();

  private final HttpServer http;
  private final ThreadPoolExecutor threads;
  private final Supplier<Readiness> readiness;

  private ProbeServer(HttpServer http, ThreadPoolExecutor threads, Supplier<Readiness> readiness) {
    this.http = http;
    this.threads = threads;
    this.readiness = readiness;
  }

  static ProbeServer start(int port, Supplier<Readiness> readiness) throws IOException {
    HttpServer http = HttpServer.create(new InetSocketAddress(port), 0);
    ProbeServer probes = new ProbeServer(http, newThreads(), readiness);
    http.setExecutor(probes.threads);
    http.createContext("/", probes::answer);
    http.start();
    return probes;
  }

  /** Not the dispatcher's own thread: one slow client would keep every other probe waiting. */
  private static ThreadPoolExecutor newThreads() {
    return new ThreadPoolExecutor(
        0,
        MAX_THREADS,
        1,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "evenkeel-probe");
          thread.setDaemon(true);
          return thread;
        });
  }

  int port() {
    return http.getAddress().getPort();
  }

  String url() {
    return "http://localhost:" + port();
  }

  void stop() {
    http.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answerTo(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
      byte[] body = GSON.toJson(answer.body).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status, head ? NO_BODY : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private Answer answerTo(String method, String path) {
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return new Answer(METHOD_NOT_ALLOWED, Map.of("error", method + ": only GET and HEAD"));
    }
    return switch (path) {
      case "/livez" -> new Answer(OK, Map.of("live", true));
      case "/readyz" -> readyAnswer(readiness.get());
      default -> new Answer(NOT_FOUND, Map.of("error", path + ": only /livez and /readyz"));
    };
  }

  private static Answer readyAnswer(Readiness readiness) {
    return new Answer(
        readiness.ready() ? OK : UNAVAILABLE,
        new ReadyBody(readiness.ready(), readiness.state().name(), readiness.reasons()));
  }

  private record Answer(int status, Object body) {}

  private record ReadyBody(boolean ready, String state, List<String> reasons) {}
}
