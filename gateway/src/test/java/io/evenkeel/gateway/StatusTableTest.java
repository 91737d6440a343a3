package io.evenkeel.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of google/rpc/code.proto, over real sockets. */
class StatusTableTest {
  private static GatewayFixture fixture;

  @BeforeAll
  static void start() throws Exception {
    fixture = GatewayFixture.start();
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({
    "CANCELLED, 499, 1",
    "UNKNOWN, 500, 2",
    "INVALID_ARGUMENT, 400, 3",
    "DEADLINE_EXCEEDED, 504, 4",
    "NOT_FOUND, 404, 5",
    "ALREADY_EXISTS, 409, 6",
    "PERMISSION_DENIED, 403, 7",
    "RESOURCE_EXHAUSTED, 429, 8",
    "FAILED_PRECONDITION, 400, 9",
    "ABORTED, 409, 10",
    "OUT_OF_RANGE, 400, 11",
    "UNIMPLEMENTED, 501, 12",
    "INTERNAL, 500, 13",
    "UNAVAILABLE, 503, 14",
    "DATA_LOSS, 500, 15",
    "UNAUTHENTICATED, 401, 16",
  })
  void failedCall_isAnsweredByTheTable(Status.Code code, int httpStatus, int number)
      throws Exception {
    fixture.upstream.answer(
        (request, answers) ->
            answers.onError(code.toStatus().withDescription("because: é").asRuntimeException()));

    HttpResponse<String> response = fixture.get("/v1/books/dune");

    assertThat(response.statusCode()).isEqualTo(httpStatus);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.body())
        .isEqualTo(
            "{\"code\":%d,\"status\":\"%s\",\"message\":\"because: é\"}".formatted(number, code));
  }

  @Test
  void ok_is200() throws Exception {
    fixture.upstream.answer(
        (request, answers) -> {
          answers.onNext(request);
          answers.onCompleted();
        });

    assertThat(fixture.get("/v1/books/dune").statusCode()).isEqualTo(200);
  }

  @Test
  void everyCode_hasAStatus() {
    for (Status.Code code : Status.Code.values()) {
      assertThat(HttpStatuses.of(code).code()).as(code.name()).isBetween(200, 599);
    }
  }

  @Test
  void failedCall_withoutDescription_hasAnEmptyMessage() throws Exception {
    fixture.upstream.answer(
        (request, answers) -> answers.onError(Status.NOT_FOUND.asRuntimeException()));

    assertThat(fixture.get("/v1/books/dune").body())
        .isEqualTo("{\"code\":5,\"status\":\"NOT_FOUND\",\"message\":\"\"}");
  }

  @Test
  void failedCall_withDetails_tellsThem() throws Exception {
    com.google.rpc.Status details =
        com.google.rpc.Status.newBuilder()
            .addDetails(Any.pack(ErrorInfo.newBuilder().setReason("STOCK").build()))
            .addDetails(Any.newBuilder().setTypeUrl("type.googleapis.com/x.Unknown"))
            .build();
    Metadata trailers = new Metadata();
    trailers.put(
        Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER),
        details.toByteArray());
    fixture.upstream.answer(
        (request, answers) ->
            answers.onError(
                Status.RESOURCE_EXHAUSTED
                    .withDescription("sold out")
                    .asRuntimeException(trailers)));

    assertThat(fixture.get("/v1/books/dune").body())
        .isEqualTo(
            "{\"code\":8,\"status\":\"RESOURCE_EXHAUSTED\",\"message\":\"sold out\",\"details\":["
                + "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"STOCK\"},"
                + "{\"@type\":\"type.googleapis.com/x.Unknown\",\"value\":\"\"}]}");
  }

  @Test
  void thrownException_staysInside() throws Exception {
    fixture.upstream.answer(
        (request, answers) -> {
          throw new IllegalStateException("password=secret");
        });

    HttpResponse<String> response = fixture.get("/v1/books/dune");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).doesNotContain("secret").doesNotContain("Exception");
  }
}
