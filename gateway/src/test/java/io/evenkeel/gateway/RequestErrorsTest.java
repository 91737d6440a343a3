package io.evenkeel.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that the gateway refuses by itself, and that upstream never sees. */
class RequestErrorsTest {
  private static final int MAX_BODY = 2000;
  private static GatewayFixture fixture;

  @BeforeAll
  static void start() throws Exception {
    fixture = GatewayFixture.start(builder -> builder.maxBodyBytes(MAX_BODY));
  }

  @AfterAll
  static void stop() {
    assertThat(fixture.upstream.headers).isEmpty();
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"nam\":\"x\"}                                    | nam: no such field in library.Book",
        "{\"author\":{\"full_nam\":\"x\"}}                  | author.full_nam: no such field in library.Author",
        "{\"editors\":[{\"born\":1},{\"born\":\"soon\"}]}   | editors[1].born: Not an int64 value: \"soon\"",
        "{\"genre\":\"CRIME\"}                              | genre: Invalid enum value: CRIME",
        "{\"copies\":\"many\"}                              | copies: Not an int32 value: \"many\"",
        "{\"copies\":99999999999}                           | copies: Not an int32 value: 99999999999",
        "{\"author\":3}                                     | author: Expect message object but got: 3",
        "{\"stock\":{\"x\":\"y\"}}                          | stock",
        "{\"sequel\":{\"sequel\":{\"copies\":true}}}        | sequel.sequel.copies: Not an int32 value: true",
        "{\"cover\":\"%%%\"}                                | cover",
        "[1]                                                | body: not a JSON object",
        "{\"name\":\"x\"                                    | body: malformed JSON",
        "{\"name\":\"x\"} {}                                | body: malformed JSON",
        "{name:\"x\"}                                       | body: malformed JSON",
      })
  void post_malformedBody_isRefusedWithThePathOfTheField(String body, String reason)
      throws Exception {
    HttpResponse<String> response = fixture.send("POST", "/library.Library/GetBook", body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .startsWith("{\"code\":3,\"status\":\"INVALID_ARGUMENT\",\"message\":\"")
        .contains(reason.replace("\"", "\\\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/books?txt=a              | txt: no such field in library.Query",
        "/v1/books?author.age=3       | author.age: no such field in library.Query",
        "/v1/books?lent=maybe         | lent: Invalid bool value",
        "/v1/books?offset=1.5         | offset: Not an int64 value",
        "/v1/books?genre=NOVEL&genre=X| genre[1]: Invalid enum value: X",
        "/v1/books?text=a&text=b      | text: given more than once",
        "/v1/books?since=today        | since",
        "/v1/books?author=x           | author: Expect message object",
        "/v1/books/dune?name=other    | name: given in the path already",
      })
  void get_malformedQuery_isRefusedWithThePathOfTheField(String path, String reason)
      throws Exception {
    HttpResponse<String> response = fixture.get(path);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains(reason);
  }

  @Test
  void post_queryBesideAWholeBody_isRefused() throws Exception {
    HttpResponse<String> response =
        fixture.send("PATCH", "/v1/books/dune?shelf=7", "{\"shelf\":\"8\"}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("shelf: belongs in the body");
  }

  @Test
  void post_deepNesting_isRefused() throws Exception {
    String messages = "{\"sequel\":".repeat(150) + "{}" + "}".repeat(150);
    String arrays = "[".repeat(MAX_BODY);

    assertThat(fixture.send("POST", "/library.Library/GetBook", messages).statusCode())
        .isEqualTo(400);
    assertThat(fixture.send("POST", "/library.Library/GetBook", arrays).statusCode())
        .isEqualTo(400);
  }

  @Test
  void get_deepNestingInTheQuery_isRefused() throws Exception {
    String path = "/v1/books/dune?" + "sequel.".repeat(400) + "copies=1";

    assertThat(fixture.get(path).statusCode()).isEqualTo(400);
  }

  @Test
  void post_largeBody_isRefusedWith413() throws Exception {
    String body = "{\"name\":\"" + "x".repeat(MAX_BODY) + "\"}";

    HttpResponse<String> response = fixture.send("POST", "/library.Library/GetBook", body);

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).startsWith("{\"code\":8,\"status\":\"RESOURCE_EXHAUSTED\"");
  }

  @Test
  void post_bodyOfAnotherType_isRefusedWith415() throws Exception {
    HttpResponse<String> response =
        fixture.send(
            "PATCH",
            "/v1/books/dune",
            "name=x",
            "content-type",
            "application/x-www-form-urlencoded");

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(response.body()).contains("expected: application/json");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /library.Library/GetBook",
    "POST, /readyz",
    "DELETE, /livez",
  })
  void otherMethod_ofServiceThatHasOne_is405AsJson(String method, String path) throws Exception {
    HttpResponse<String> response = fixture.send(method, path, "");

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.body())
        .isEqualTo(
            "{\"code\":12,\"status\":\"UNIMPLEMENTED\",\"message\":\""
                + method
                + " is not allowed for "
                + path
                + "\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/grpc+json"})
  void post_grpcMethodWithAnotherType_is415AsJson(String type) throws Exception {
    HttpResponse<String> response =
        fixture.send("POST", "/library.Library/GetBook", "x", "content-type", type);

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(response.body())
        .startsWith("{\"code\":")
        .contains("content-type: " + type + " (expected: application/grpc or application/json)");
  }

  @Test
  void get_unknownPath_is404() throws Exception {
    HttpResponse<String> response = fixture.get("/v2/books?token=secret");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.body())
        .isEqualTo("{\"code\":5,\"status\":\"NOT_FOUND\",\"message\":\"no route for /v2/books\"}");
  }

  @Test
  void put_knownPath_is405() throws Exception {
    HttpResponse<String> response = fixture.send("PUT", "/v1/books/dune", "{}");

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.body())
        .isEqualTo(
            "{\"code\":12,\"status\":\"UNIMPLEMENTED\","
                + "\"message\":\"PUT is not allowed for /v1/books/dune\"}");
  }

  @Test
  void get_binaryHeaderThatIsNotBase64_isRefused() throws Exception {
    HttpResponse<String> response = fixture.get("/v1/books/dune", "grpc-metadata-x-bin", "?");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("header x-bin: not Base64");
  }

  @Test
  void get_malformedTimeout_isRefused() throws Exception {
    HttpResponse<String> response = fixture.get("/v1/books/dune", "grpc-timeout", "soon");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("header grpc-timeout: \\\"soon\\\" (expected: 1 to 8");
  }
}
