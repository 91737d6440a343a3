package io.evenkeel.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Deadline;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long an upstream call lives: no longer than its client waits, nor than its deadline. */
class CancellationTest {
  private static final long PATIENCE_SECONDS = GatewayFixture.PATIENCE.toSeconds();
  private GatewayFixture fixture;

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void clientThatGoesAway_cancelsTheUpstreamCall() throws Exception {
    fixture = GatewayFixture.start(builder -> builder.upstreamDeadline(Duration.ofMinutes(1)));
    fixture.upstream.hang();
    RawConnection client = RawConnection.open(fixture.gateway.port());
    client.send("GET /v1/books/dune HTTP/1.1\r\nhost: x\r\n\r\n");
    assertThat(fixture.upstream.arrived.await(PATIENCE_SECONDS, SECONDS)).isTrue();

    client.close();

    assertThat(fixture.upstream.cancelled.await(PATIENCE_SECONDS, SECONDS)).isTrue();
  }

  @Test
  void http2ClientThatResetsItsStream_cancelsTheUpstreamCall() throws Exception {
    fixture = GatewayFixture.start(builder -> builder.upstreamDeadline(Duration.ofMinutes(1)));
    fixture.upstream.hang();
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    HttpResponse<String> upgrade =
        client.send(fixture.request("GET", "/livez", ""), HttpResponse.BodyHandlers.ofString());
    assertThat(upgrade.version()).isEqualTo(HttpClient.Version.HTTP_2);
    CompletableFuture<HttpResponse<String>> call =
        client.sendAsync(
            fixture.request("GET", "/v1/books/dune", ""), HttpResponse.BodyHandlers.ofString());
    assertThat(fixture.upstream.arrived.await(PATIENCE_SECONDS, SECONDS)).isTrue();

    call.cancel(true);

    assertThat(fixture.upstream.cancelled.await(PATIENCE_SECONDS, SECONDS)).isTrue();
  }

  @Test
  void hungUpstream_isAnsweredWith504AtTheDeadline() throws Exception {
    fixture = GatewayFixture.start(builder -> builder.upstreamDeadline(Duration.ofMillis(100)));
    fixture.upstream.hang();

    HttpResponse<String> response = fixture.get("/v1/books/dune");

    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(response.body()).startsWith("{\"code\":4,\"status\":\"DEADLINE_EXCEEDED\"");
    assertThat(fixture.upstream.cancelled.await(PATIENCE_SECONDS, SECONDS)).isTrue();
  }

  @Test
  void call_withoutTimeout_hasTheDefaultDeadline() throws Exception {
    fixture = GatewayFixture.start();

    fixture.get("/v1/books/dune");

    assertThat(upstreamSeconds()).isBetween(0L, 5L);
  }

  @Test
  void call_withTimeout_hasThatDeadline() throws Exception {
    fixture = GatewayFixture.start();

    fixture.get("/v1/books/dune", "grpc-timeout", "40S");

    assertThat(upstreamSeconds()).isBetween(20L, 40L);
  }

  @Test
  void call_withALongTimeout_isCapped() throws Exception {
    fixture = GatewayFixture.start(builder -> builder.maxUpstreamDeadline(Duration.ofSeconds(50)));

    fixture.get("/v1/books/dune", "grpc-timeout", "99999999H");

    assertThat(upstreamSeconds()).isBetween(20L, 50L);
  }

  private long upstreamSeconds() throws InterruptedException {
    Deadline deadline = fixture.upstream.deadlines.poll(PATIENCE_SECONDS, SECONDS);
    assertThat(deadline).isNotNull();
    return deadline.timeRemaining(SECONDS);
  }
}
