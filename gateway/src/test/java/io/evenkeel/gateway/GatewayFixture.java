package io.evenkeel.gateway;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A gateway before a {@link LibraryUpstream}, all over real sockets, and a client for it. */
final class GatewayFixture implements AutoCloseable {
  /** How long a test waits for what must happen before it fails. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  final LibraryUpstream upstream;
  final ManagedChannel channel;
  final Gateway gateway;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private GatewayFixture(LibraryUpstream upstream, ManagedChannel channel, Gateway gateway) {
    this.upstream = upstream;
    this.channel = channel;
    this.gateway = gateway;
  }

  static GatewayFixture start() throws IOException {
    return start(builder -> builder);
  }

  static GatewayFixture start(UnaryOperator<GatewayBuilder> settings) throws IOException {
    LibraryUpstream upstream = LibraryUpstream.start();
    ManagedChannel channel = channelTo(upstream.port());
    Gateway gateway =
        settings
            .apply(Gateway.builder().host("127.0.0.1").noAccessLog())
            .route(LibraryUpstream.SERVICE, channel)
            .build()
            .start();
    return new GatewayFixture(upstream, channel, gateway);
  }

  static ManagedChannel channelTo(int port) {
    return Gateway.upstream("dns:///127.0.0.1:" + port).plaintext().policy("pick_first").build();
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send("GET", path, "", headers);
  }

  /** Sends a request whose body, unless it is empty, is JSON. */
  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    return client.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString());
  }

  HttpRequest request(String method, String path, String body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
    if (!body.isEmpty()) {
      request.header("content-type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    HttpRequest.BodyPublisher publisher =
        body.isEmpty()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    return request.method(method, publisher).build();
  }

  HttpClient client() {
    return client;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + gateway.port() + path);
  }

  @Override
  public void close() {
    gateway.close();
    channel.shutdownNow();
    upstream.close();
  }
}
