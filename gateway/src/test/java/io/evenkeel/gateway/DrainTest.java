package io.evenkeel.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a gateway, with requests in flight. */
class DrainTest {
  private static final long PATIENCE_SECONDS = GatewayFixture.PATIENCE.toSeconds();
  private final CountDownLatch released = new CountDownLatch(1);
  private GatewayFixture fixture;

  @AfterEach
  void stop() {
    released.countDown();
    fixture.close();
  }

  @Test
  void close_requestInFlight_isAnswered() throws Exception {
    fixture = GatewayFixture.start();
    CompletableFuture<HttpResponse<String>> request = requestInFlight();

    CompletableFuture<Void> closed = CompletableFuture.runAsync(fixture.gateway::close);
    awaitRefusedConnection();
    released.countDown();

    HttpResponse<String> response = request.get(PATIENCE_SECONDS, SECONDS);
    assertThat(response.statusCode()).isEqualTo(200);
    closed.get(PATIENCE_SECONDS, SECONDS);
  }

  @Test
  void close_requestOnAKeptConnection_isAnsweredAndEndsIt() throws Exception {
    fixture = GatewayFixture.start();
    try (RawConnection kept = RawConnection.open(fixture.gateway.port())) {
      kept.send("GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").readUntil("}");
      CompletableFuture<HttpResponse<String>> request = requestInFlight();
      CompletableFuture<Void> closed = CompletableFuture.runAsync(fixture.gateway::close);
      awaitRefusedConnection();

      kept.send("GET /livez HTTP/1.1\r\nhost: x\r\n\r\n");

      assertThat(kept.readToEnd()).startsWith("HTTP/1.1 200").contains("connection: close");
      released.countDown();
      assertThat(request.get(PATIENCE_SECONDS, SECONDS).statusCode()).isEqualTo(200);
      closed.get(PATIENCE_SECONDS, SECONDS);
    }
  }

  @Test
  void close_requestThatNeverEnds_isCutAtTheTimeout() throws Exception {
    fixture =
        GatewayFixture.start(
            builder ->
                builder
                    .upstreamDeadline(Duration.ofMinutes(1))
                    .drainTimeout(Duration.ofMillis(100)));
    CompletableFuture<HttpResponse<String>> request = requestInFlight();

    CompletableFuture<Void> closed = CompletableFuture.runAsync(fixture.gateway::close);

    closed.get(PATIENCE_SECONDS, SECONDS);
    assertThat(request.handle((response, failure) -> "ended").get(PATIENCE_SECONDS, SECONDS))
        .isEqualTo("ended");
  }

  @Test
  void close_duringTheDelay_isNotReadyButServes() throws Exception {
    fixture = GatewayFixture.start(builder -> builder.drainDelay(Duration.ofSeconds(3)));
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(
            () -> {
              begun.countDown();
              fixture.gateway.close();
            });
    assertThat(begun.await(PATIENCE_SECONDS, SECONDS)).isTrue();
    HttpResponse<String> readiness = fixture.get("/readyz");
    while (!readiness.body().contains("DRAINING")) {
      readiness = fixture.get("/readyz");
    }

    assertThat(readiness.statusCode()).isEqualTo(503);
    assertThat(fixture.get("/livez").statusCode()).isEqualTo(200);
    assertThat(fixture.get("/v1/books/dune").statusCode()).isEqualTo(200);
    closed.get(PATIENCE_SECONDS, SECONDS);
  }

  @Test
  void close_twiceAndUnstarted_isSafe() throws Exception {
    fixture = GatewayFixture.start();
    Gateway unstarted = Gateway.builder().build();

    assertThatCode(
            () -> {
              fixture.gateway.close();
              fixture.gateway.close();
              unstarted.close();
              unstarted.close();
            })
        .doesNotThrowAnyException();
  }

  @Test
  void close_leavesNoThread() throws Exception {
    fixture = GatewayFixture.start();
    fixture.get("/v1/books/dune");

    fixture.gateway.close();

    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("evenkeel-gateway"))
        .allSatisfy(thread -> thread.join(GatewayFixture.PATIENCE.toMillis()))
        .allMatch(thread -> !thread.isAlive());
  }

  @Test
  void start_portTaken_saysWhich() throws Exception {
    fixture = GatewayFixture.start();
    int taken = fixture.gateway.port();

    try (Gateway second = Gateway.builder().host("127.0.0.1").port(taken).build()) {
      assertThatThrownBy(second::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot listen on 127.0.0.1:" + taken);
    }
  }

  private CompletableFuture<HttpResponse<String>> requestInFlight() throws Exception {
    fixture.upstream.answer(
        (request, answers) -> {
          awaitRelease();
          answers.onNext(request);
          answers.onCompleted();
        });
    CompletableFuture<HttpResponse<String>> request =
        fixture
            .client()
            .sendAsync(
                fixture.request("GET", "/v1/books/dune", ""), HttpResponse.BodyHandlers.ofString());
    assertThat(fixture.upstream.arrived.await(PATIENCE_SECONDS, SECONDS)).isTrue();
    return request;
  }

  private void awaitRelease() {
    try {
      assertThat(released.await(PATIENCE_SECONDS, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until the port is closed, though a request is in flight. */
  private void awaitRefusedConnection() throws Exception {
    long endNanos = System.nanoTime() + GatewayFixture.PATIENCE.toNanos();
    while (System.nanoTime() < endNanos) {
      try (RawConnection connection = RawConnection.open(fixture.gateway.port())) {
        connection.send("GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").readUntil("}");
      } catch (SocketException e) {
        // Refused, or reset because it was accepted by the kernel only.
        return;
      }
    }
    throw new AssertionError("the port is still open");
  }
}
