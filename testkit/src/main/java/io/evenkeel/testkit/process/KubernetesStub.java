package io.evenkeel.testkit.process;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * As much of an API server of Kubernetes as lists and watches of EndpointSlices need, and all that
 * may go wrong with them. Keeps its port and slices when it is stopped and started again.
 * Thread-safe.
 */
public final class KubernetesStub implements AutoCloseable {
  static {
    // Else each event waits for the acknowledgement of the one before.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final int BACKLOG = 2_000;
  private static final int THREADS = 8;

  private final Map<String, JsonObject> slices = new TreeMap<>(); // guarded by this, as all below
  private final List<Event> events = new ArrayList<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private final Map<Question, Answer> refusals = new HashMap<>();
  private String served = "v1";
  private int version = 100;
  private int oldest = 100;
  private boolean silent;
  private int port;
  private @Nullable HttpServer server;
  private @Nullable ExecutorService threads;

  /** What a request is. */
  public enum Question {
    LIST,
    WATCH
  }

  /**
   * What is answered in place of the truth.
   *
   * @param retryAfter seconds, negative for none
   */
  public record Answer(int status, String body, int retryAfter) {}

  private record Event(int version, String namespace, String type, JsonObject object) {}

  private record Watcher(String namespace, String service, HttpExchange exchange) {}

  /** Starts one on a free port. */
  public static KubernetesStub start() throws IOException {
    KubernetesStub stub = new KubernetesStub();
    stub.launch();
    return stub;
  }

  /** Starts it on the port it had. */
  public synchronized void launch() throws IOException {
    HttpServer started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    started.setExecutor(pool);
    started.createContext("/", this::handle);
    started.start();
    port = started.getAddress().getPort();
    server = started;
    threads = pool;
  }

  /** Stops it, and breaks all connections; {@link #launch} starts it again. */
  public synchronized void stop() {
    if (server != null && threads != null) {
      server.stop(0);
      threads.shutdown();
      server = null;
      watchers.clear();
    }
  }

  @Override
  public void close() {
    stop();
  }

  /** Where it is: {@code http://127.0.0.1:} and the port. */
  public synchronized String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Writes a kubeconfig that leads here, to {@code namespace}. */
  public Path writeKubeconfig(Path file, String namespace) throws IOException {
    return Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        current-context: stub
        clusters:
          - name: stub
            cluster:
              server: %s
        contexts:
          - name: stub
            context:
              cluster: stub
              user: stub
              namespace: %s
        users:
          - name: stub
            user:
              token: of-the-kubeconfig
        """
            .formatted(url(), namespace));
  }

  /** Adds a slice, or replaces the one of the same name, and tells the watches. */
  public synchronized void put(String namespace, JsonObject slice) {
    String key = namespace + "/" + name(slice);
    JsonObject copy = slice.deepCopy();
    stamp(copy);
    String type = slices.put(key, copy) == null ? "ADDED" : "MODIFIED";
    tell(new Event(version, namespace, type, copy));
  }

  /** Deletes the slice of this name, and tells the watches. */
  public synchronized void delete(String namespace, String name) {
    JsonObject gone = slices.remove(namespace + "/" + name);
    if (gone != null) {
      JsonObject copy = gone.deepCopy();
      stamp(copy);
      tell(new Event(version, namespace, "DELETED", copy));
    }
  }

  private void stamp(JsonObject slice) {
    slice.getAsJsonObject("metadata").addProperty("resourceVersion", Integer.toString(++version));
  }

  private static String name(JsonObject slice) {
    return slice.getAsJsonObject("metadata").get("name").getAsString();
  }

  private static String service(JsonObject slice) {
    return slice
        .getAsJsonObject("metadata")
        .getAsJsonObject("labels")
        .get("kubernetes.io/service-name")
        .getAsString();
  }

  private void tell(Event event) {
    events.add(event);
    if (silent) {
      return;
    }
    String service = service(event.object);
    for (Watcher each : List.copyOf(watchers)) {
      if (each.namespace.equals(event.namespace) && each.service.equals(service)) {
        send(each, line(event.type, event.object));
      }
    }
  }

  private static String line(String type, JsonObject object) {
    JsonObject event = new JsonObject();
    event.addProperty("type", type);
    event.add("object", object);
    return event + "\n";
  }

  private void send(Watcher watcher, String text) {
    try {
      OutputStream stream = watcher.exchange.getResponseBody();
      stream.write(text.getBytes(StandardCharsets.UTF_8));
      stream.flush();
    } catch (IOException gone) {
      watchers.remove(watcher);
      watcher.exchange.close();
    }
  }

  /** Sends {@code text} on all watches, as it is. */
  public synchronized void sendToWatches(String text) {
    List.copyOf(watchers).forEach(each -> send(each, text));
  }

  /** Tells all watches that they have seen everything so far. */
  public synchronized void bookmark() {
    JsonObject metadata = new JsonObject();
    metadata.addProperty("resourceVersion", Integer.toString(version));
    JsonObject object = new JsonObject();
    object.addProperty("kind", "EndpointSlice");
    object.add("metadata", metadata);
    sendToWatches(line("BOOKMARK", object));
  }

  /** Ends all watches in order. */
  public synchronized void endWatches() {
    watchers.forEach(each -> each.exchange.close());
    watchers.clear();
  }

  /** How many watches are open; asks each. */
  public synchronized int watches() {
    sendToWatches("\n");
    return watchers.size();
  }

  /** From now on watches stay open and hear nothing, or hear everything again. */
  public synchronized void silence(boolean silent) {
    this.silent = silent;
  }

  /** Forgets what has changed so far: a watch from an earlier version is {@code Gone}. */
  public synchronized void compact() {
    oldest = version;
    events.clear();
  }

  /** Counts versions from {@code version} on, as after a restore from an old backup. */
  public synchronized void restore(int version) {
    this.version = version;
    this.oldest = version;
    events.clear();
  }

  /** Serves another version of the API than {@code v1}, and no other. */
  public synchronized void serve(String version) {
    served = version;
  }

  /** Answers such questions by {@code answer}, until it is null. */
  public synchronized void refuse(Question question, @Nullable Answer answer) {
    if (answer == null) {
      refusals.remove(question);
    } else {
      refusals.put(question, answer);
    }
  }

  /** What Kubernetes says in words, in its own form. */
  public static String status(int code, String message) {
    JsonObject status = new JsonObject();
    status.addProperty("kind", "Status");
    status.addProperty("apiVersion", "v1");
    status.addProperty("status", "Failure");
    status.addProperty("message", message);
    status.addProperty("code", code);
    return status.toString();
  }

  /** All requests so far: path, query, and after a space what the header Authorization said. */
  public synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  private void handle(HttpExchange exchange) throws IOException {
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    boolean watch = "true".equals(query.get("watch"));
    Answer answer;
    synchronized (this) {
      requests.add(
          exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
      answer = refusals.get(watch ? Question.WATCH : Question.LIST);
    }
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    // /apis/discovery.k8s.io/VERSION/namespaces/NAMESPACE/endpointslices
    boolean known =
        path.length == 7 && path[3].equals(served()) && path[6].equals("endpointslices");
    if (answer == null && !known) {
      answer = new Answer(404, "404 page not found\n", -1);
    }
    if (answer != null) {
      reply(exchange, answer);
      return;
    }
    String service = query.getOrDefault("labelSelector", "").replaceAll(".*=", "");
    if (watch) {
      watch(exchange, path[5], service, number(query));
    } else {
      reply(exchange, list(path[5], service, query));
    }
  }

  private synchronized String served() {
    return served;
  }

  private static int number(Map<String, String> query) {
    String version = query.getOrDefault("resourceVersion", "");
    return version.isEmpty() ? 0 : Integer.parseInt(version);
  }

  private synchronized Answer list(String namespace, String service, Map<String, String> query) {
    if (number(query) > version) {
      return new Answer(
          504, status(504, "Timeout: Too large resource version: " + number(query)), -1);
    }
    JsonArray items = new JsonArray();
    slices.forEach(
        (key, slice) -> {
          if (key.startsWith(namespace + "/") && service(slice).equals(service)) {
            items.add(slice);
          }
        });
    JsonObject metadata = new JsonObject();
    metadata.addProperty("resourceVersion", Integer.toString(version));
    JsonObject list = new JsonObject();
    list.addProperty("kind", "EndpointSliceList");
    list.addProperty("apiVersion", "discovery.k8s.io/" + served);
    list.add("metadata", metadata);
    list.add("items", items);
    return new Answer(200, list.toString(), -1);
  }

  /** Leaves the exchange open: whoever changes something writes to it. */
  private synchronized void watch(HttpExchange exchange, String namespace, String service, int from)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    Watcher watcher = new Watcher(namespace, service, exchange);
    if (from != 0 && from < oldest) {
      String gone = "too old resource version: " + from + " (" + oldest + ")";
      send(watcher, "{\"type\":\"ERROR\",\"object\":" + status(410, gone) + "}\n");
      exchange.close();
      return;
    }
    watchers.add(watcher);
    // The headers leave with the first bytes.
    send(watcher, "\n");
    for (Event each : events) {
      boolean meant = each.namespace.equals(namespace) && service(each.object).equals(service);
      if (each.version > from && meant && !silent) {
        send(watcher, line(each.type, each.object));
      }
    }
  }

  private static void reply(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
    if (answer.retryAfter >= 0) {
      exchange.getResponseHeaders().set("Retry-After", Integer.toString(answer.retryAfter));
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    for (String each : raw == null ? new String[0] : raw.split("&", -1)) {
      String[] parts = each.split("=", 2);
      query.put(
          parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return query;
  }
}
