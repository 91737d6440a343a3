package io.evenkeel.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Metadata;
import java.net.http.HttpResponse;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetadataTest {
  private GatewayFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = GatewayFixture.start(builder -> builder.forwardHeader("X-Tenant"));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void listedHeaders_becomeMetadata() throws Exception {
    fixture.get("/v1/books/dune", "Authorization", "Bearer t", "X-Tenant", "blue");

    Metadata received = received();
    assertThat(received.get(text("authorization"))).isEqualTo("Bearer t");
    assertThat(received.get(text("x-tenant"))).isEqualTo("blue");
  }

  @Test
  void prefixedHeader_becomesMetadataWithoutItsPrefix() throws Exception {
    String bytes = Base64.getEncoder().encodeToString(new byte[] {0, 1, 2});

    fixture.get("/v1/books/dune", "Grpc-Metadata-Color", "red", "grpc-metadata-raw-bin", bytes);

    Metadata received = received();
    assertThat(received.get(text("color"))).isEqualTo("red");
    assertThat(received.get(Metadata.Key.of("raw-bin", Metadata.BINARY_BYTE_MARSHALLER)))
        .containsExactly(0, 1, 2);
  }

  @Test
  void otherHeaders_stayBehind() throws Exception {
    fixture.get(
        "/v1/books/dune",
        "cookie",
        "session=1",
        "x-other",
        "y",
        "grpc-metadata-grpc-encoding",
        "z");

    assertThat(received().keys()).doesNotContain("cookie", "x-other", "grpc-encoding", "accept");
  }

  @Test
  void metadataOfTheAnswer_becomesHeaders() throws Exception {
    Metadata headers = new Metadata();
    headers.put(text("color"), "red");
    headers.put(text("x-tenant"), "blue");
    fixture.upstream.answerHeaders(headers);

    HttpResponse<String> response = fixture.get("/v1/books/dune");

    assertThat(response.headers().firstValue("grpc-metadata-color")).contains("red");
    assertThat(response.headers().firstValue("x-tenant")).contains("blue");
    assertThat(response.headers().map().keySet())
        .containsExactlyInAnyOrder(
            "content-length",
            "content-type",
            "date",
            "grpc-metadata-color",
            "x-request-id",
            "x-tenant");
  }

  @Test
  void requestId_ofTheClient_goesUpstreamAndComesBack() throws Exception {
    HttpResponse<String> response = fixture.get("/v1/books/dune", "x-request-id", "abc-1");

    assertThat(response.headers().allValues("x-request-id")).containsExactly("abc-1");
    assertThat(received().get(text("x-request-id"))).isEqualTo("abc-1");
  }

  @Test
  void requestId_thatWouldForgeALogLine_isReplaced() throws Exception {
    HttpResponse<String> response = fixture.get("/v1/books/dune", "x-request-id", "a b=c\t");

    assertThat(response.headers().firstValue("x-request-id").orElseThrow())
        .matches("[0-9a-f-]{36}")
        .isEqualTo(received().get(text("x-request-id")));
  }

  @Test
  void forwardHeader_ofTheConnection_isRefused() {
    assertThatThrownBy(() -> Gateway.builder().forwardHeader("Transfer-Encoding"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("forwardHeader: Transfer-Encoding");
  }

  private Metadata received() throws InterruptedException {
    Metadata received = fixture.upstream.headers.poll(GatewayFixture.PATIENCE.toSeconds(), SECONDS);
    assertThat(received).isNotNull();
    return received;
  }

  private static Metadata.Key<String> text(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
