package io.evenkeel.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccessLogTest {
  private final BlockingQueue<AccessLogEntry> log = new LinkedBlockingQueue<>();
  private GatewayFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = GatewayFixture.start(builder -> builder.accessLog(log::add));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void request_isOneEntry() throws Exception {
    String body = fixture.get("/v1/books/dune", "x-request-id", "r1").body();

    AccessLogEntry entry = next();
    assertThat(entry.method()).isEqualTo("GET");
    assertThat(entry.path()).isEqualTo("/v1/books/dune");
    assertThat(entry.status()).isEqualTo(200);
    assertThat(entry.grpcStatus()).isEqualTo(Status.Code.OK);
    assertThat(entry.upstream()).isPositive().isLessThanOrEqualTo(entry.total());
    assertThat(entry.responseBytes()).isEqualTo(body.length());
    assertThat(entry.client()).startsWith("127.0.0.1:");
    assertThat(entry.requestId()).isEqualTo("r1");
    assertThat(log).isEmpty();
  }

  @Test
  void refusedRequest_isAnEntryWithoutUpstream() throws Exception {
    fixture.get("/v1/books?lent=maybe");

    AccessLogEntry entry = next();
    assertThat(entry.status()).isEqualTo(400);
    assertThat(entry.grpcStatus()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(entry.upstream()).isZero();
  }

  @Test
  void unknownPath_isAnEntryWithoutGrpcStatus() throws Exception {
    fixture.get("/nope");

    assertThat(next().toString())
        .startsWith("method=GET path=/nope status=404 grpc=- upstream_ms=0.0 total_ms=");
  }

  @Test
  void secrets_areNotInTheLog() throws Exception {
    fixture.get("/v1/books?text=secret1", "authorization", "Bearer secret2");

    assertThat(next().toString()).contains("path=/v1/books ").doesNotContain("secret");
  }

  private AccessLogEntry next() throws InterruptedException {
    AccessLogEntry entry = log.poll(GatewayFixture.PATIENCE.toSeconds(), SECONDS);
    assertThat(entry).isNotNull();
    return entry;
  }
}
