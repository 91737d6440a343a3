package io.evenkeel.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpResponse;
import io.grpc.Deadline;
import java.time.Duration;
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
    // Not the JDK's client: it does not always reset the stream of an answer that is cancelled.
    HttpResponse call =
        WebClient.of("h2c://127.0.0.1:" + fixture.gateway.port()).get("/v1/books/dune");
    assertThat(fixture.upstream.arrived.await(PATIENCE_SECONDS, SECONDS)).isTrue();

    call.abort();

    assertThat(fixture.upstream.cancelled.await(PATIENCE_SECONDS, SECONDS)).isTrue();
  }

  @Test
  void hungUpstream_isAnsweredWith504AtTheDeadline() throws Exception {
    fixture = GatewayFixture.start(builder -> builder.upstreamDeadline(Duration.ofMillis(100)));
    fixture.upstream.hang();

    java.net.http.HttpResponse<String> response = fixture.get("/v1/books/dune");

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
