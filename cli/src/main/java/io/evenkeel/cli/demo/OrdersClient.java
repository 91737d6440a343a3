package io.evenkeel.cli.demo;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks the gateway for orders, as {@code curl} would. Thread-safe. */
final class OrdersClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int OK = 200;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final HttpRequest request;

  OrdersClient(int port) {
    this.request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/orders/1"))
            .timeout(TIMEOUT)
            .build();
  }

  /**
   * How one request ended.
   *
   * @param servedBy who answered; empty if it failed
   * @param failure what went wrong; empty if nothing did
   */
  record Answer(String servedBy, String failure) {}

  /** One request; the future never completes exceptionally. */
  CompletableFuture<Answer> get() {
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .handle((response, error) -> error == null ? read(response) : failed(error.toString()));
  }

  private static Answer read(HttpResponse<String> response) {
    if (response.statusCode() != OK) {
      return failed("HTTP " + response.statusCode() + ": " + response.body());
    }
    try {
      JsonObject order = JsonParser.parseString(response.body()).getAsJsonObject();
      boolean right = order.has("served_by") && order.get("id").getAsString().equals("1");
      return right ? new Answer(order.get("served_by").getAsString(), "") : failed(response.body());
    } catch (JsonParseException | IllegalStateException e) {
      return failed("not an order: " + response.body());
    }
  }

  private static Answer failed(String failure) {
    return new Answer("", failure);
  }
}
