package io.evenkeel.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the forms of an HTTP rule read from a request; the upstream answers with what it got. */
class JsonRoutesTest {
  private static GatewayFixture fixture;

  @BeforeAll
  static void start() throws Exception {
    fixture = GatewayFixture.start();
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void get_patternOfSeveralSegments_fillsOneField() throws Exception {
    assertThat(fixture.get("/v1/shelves/1/books/2").body())
        .isEqualTo("{\"name\":\"shelves/1/books/2\"}");
  }

  @Test
  void get_additionalBinding_servesTheSameMethod() throws Exception {
    assertThat(fixture.get("/v1/books/dune").body()).isEqualTo("{\"name\":\"dune\"}");
  }

  @Test
  void get_doubleWildcard_takesTheRestOfThePath() throws Exception {
    assertThat(fixture.get("/v1/files/a/b/c.txt").body()).isEqualTo("{\"name\":\"a/b/c.txt\"}");
  }

  @Test
  void get_percentEncodedSegment_isDecoded() throws Exception {
    String body = fixture.get("/v1/books/b%C3%BCcher%20%26%20%3Cmehr%3E").body();

    String name = JsonParser.parseString(body).getAsJsonObject().get("name").getAsString();
    assertThat(name).isEqualTo("bücher & <mehr>");
  }

  @Test
  void get_queryParameters_fillScalarsListsMessagesAndWellKnownTypes() throws Exception {
    HttpResponse<String> response =
        fixture.get(
            "/v1/books?text=a%20b&genre=NOVEL&genre=2&lent=true&min_copies=4000000000"
                + "&author.full_name=Ursula&since=2026-01-02T03:04:05Z&offset=-7&score=0.5");

    assertThat(response.body())
        .isEqualTo(
            "{\"text\":\"a b\",\"genre\":[\"NOVEL\",\"POETRY\"],\"lent\":true,"
                + "\"min_copies\":4000000000,\"author\":{\"full_name\":\"Ursula\"},"
                + "\"since\":\"2026-01-02T03:04:05Z\",\"offset\":\"-7\",\"score\":0.5}");
  }

  @Test
  void get_jsonNameInQuery_isUnderstood() throws Exception {
    assertThat(fixture.get("/v1/books?minCopies=3").body()).isEqualTo("{\"min_copies\":3}");
  }

  @Test
  void post_bodyOfOneField_isCombinedWithThePath() throws Exception {
    HttpResponse<String> response =
        fixture.send("POST", "/v1/shelves/7/books", "{\"name\":\"dune\",\"copies\":2}");

    assertThat(response.body()).isEqualTo("{\"name\":\"dune\",\"copies\":2}");
  }

  @Test
  void get_responseBodyThatIsNotSet_isItsDefault() throws Exception {
    assertThat(fixture.get("/v1/books/dune/editors").body()).isEqualTo("[]");
  }

  @Test
  void patch_wholeBody_losesToThePath() throws Exception {
    HttpResponse<String> response =
        fixture.send(
            "PATCH", "/v1/books/dune", "{\"shelf\":\"7\",\"book\":{\"name\":\"x\",\"copies\":3}}");

    assertThat(response.body())
        .isEqualTo("{\"shelf\":\"7\",\"book\":{\"name\":\"dune\",\"copies\":3}}");
  }

  @Test
  void post_verb_isNotTakenForPartOfTheName() throws Exception {
    assertThat(fixture.send("POST", "/v1/books/dune:lend", "{\"shelf\":\"7\"}").body())
        .isEqualTo("{\"shelf\":\"7\",\"book\":{\"name\":\"dune\"}}");
    assertThat(fixture.send("POST", "/v1/books/dune", "{\"copies\":2}").body())
        .isEqualTo("{\"name\":\"dune\",\"copies\":2}");
  }

  @Test
  void delete_customKind_isAMethodLikeOthers() throws Exception {
    assertThat(fixture.send("DELETE", "/v1/loans/dune", "").body())
        .isEqualTo("{\"book\":{\"name\":\"dune\"}}");
  }

  @Test
  void post_plainMethodPath_takesJsonWithoutAnAnnotation() throws Exception {
    HttpResponse<String> response =
        fixture.send("POST", "/library.Library/GetBook", "{\"name\":\"dune\"}");

    assertThat(response.body()).isEqualTo("{\"name\":\"dune\"}");
  }

  @Test
  void post_nestedListsMapsBytesAndEnums_comeBackAsTheyWent() throws Exception {
    String book =
        "{\"name\":\"dune\",\"genre\":\"NOVEL\",\"author\":{\"full_name\":\"Frank\",\"born\":\"1920\"},"
            + "\"editors\":[{\"full_name\":\"a\"},{\"full_name\":\"b\"}],\"stock\":{\"x\":1,\"y\":2},"
            + "\"sequel\":{\"name\":\"messiah\"},\"cover\":\"AAEC\"}";

    assertThat(fixture.send("POST", "/v1/shelves/7/books", book).body()).isEqualTo(book);
  }

  @Test
  void response_hasTheTypeJson() throws Exception {
    assertThat(fixture.get("/v1/books/dune").headers().firstValue("content-type"))
        .contains("application/json");
  }

  @Test
  void get_slashInOneSegment_staysInIt() throws Exception {
    assertThat(fixture.get("/v1/books/a%2Fb").body()).isEqualTo("{\"name\":\"a/b\"}");
  }
}
