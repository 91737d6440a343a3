package io.evenkeel.discovery.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against what Go has written: {@code src/test/go/fixtures.go} made the files. */
class GoEndpointsCodecTest {
  private final EtcdCodec codec = new GoEndpointsCodec();

  static List<Arguments> fixtures() {
    Endpoint plain = Endpoint.of(HostPort.parse("10.0.0.1:8080")).withId("a");
    return List.of(
        Arguments.of("plain", plain),
        Arguments.of("ipv6", Endpoint.of(HostPort.parse("[2001:db8::1]:8080")).withId("a")),
        Arguments.of("host", Endpoint.of(HostPort.parse("orders.example:8080")).withId("a")),
        Arguments.of(
            "full",
            new Endpoint("a", plain.addresses(), 9, "z1", 2, Map.of("version", "1.2", "b", "c"))),
        Arguments.of(
            "addresses",
            plain.withAddresses(
                List.of(HostPort.parse("10.0.0.1:8080"), HostPort.parse("[::1]:8080")))),
        Arguments.of(
            "escapes",
            plain.withMetadata(
                Map.of(
                    "html", "<a href='x'>&</a>",
                    "quote\"\\", "tab\tline\nreturn\r\u0001",
                    "separators", "\u2028\u2029\u007f",
                    "ä€", "\ud83d\ude00",
                    "\uff5e", "after the surrogates in UTF-16, before them in UTF-8",
                    "\ud83d\ude00", "="))));
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void value_always_isWhatGoWrites(String fixture, Endpoint endpoint) throws Exception {
    byte[] value = codec.value(endpoint);

    assertThat(new String(value, UTF_8)).isEqualTo(new String(fixture(fixture), UTF_8));
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void read_whatGoWrote_isTheEndpoint(String fixture, Endpoint endpoint) throws Exception {
    assertThat(codec.read("a", fixture(fixture))).isEqualTo(endpoint);
  }

  @Test
  void read_metadataThatIsAnObject_isTaken() throws Exception {
    Endpoint read = codec.read("a", fixture("object"));

    assertThat(read.weight()).isEqualTo(9);
    assertThat(read.zone()).isEqualTo("z1");
    assertThat(read.metadata())
        .isEqualTo(Map.of("version", "1.2", "canary", "true", "tags", "[\"x\",\"y\"]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"Op\":0,\"Addr\":\"h:1\",\"Metadata\":\"blue\"}|blue",
        "{\"Op\":0,\"Addr\":\"h:1\",\"Metadata\":\"{not json\"}|{not json",
        "{\"Op\":0,\"Addr\":\"h:1\",\"Metadata\":7}|7",
        "{\"Op\":0,\"Addr\":\"h:1\",\"Metadata\":[1,2]}|[1,2]"
      })
  void read_metadataOfAnotherKind_isKeptAsText(String value, String text) {
    assertThat(codec.read("a", value.getBytes(UTF_8)).metadata())
        .isEqualTo(Map.of("metadata", text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"addr\":\"h:1\"}", "{\"Addr\":\"h:1\"}", "{\"Addr\":\"h:1\",\"x\":1}"})
  void read_asLenientAsGo_isAnEndpoint(String value) {
    assertThat(codec.read("a", value.getBytes(UTF_8)).displayAddress()).isEqualTo("h:1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|no JSON object",
        "h:1|no JSON object",
        "{\"Op\":0|no JSON object",
        "[]|no JSON object",
        "{}|\"Addr\" is missing",
        "{\"Addr\":\"\"}|\"Addr\" is missing",
        "{\"Addr\":\"nowhere\"}|has no port",
        "{\"Addr\":\"h:1\",\"Metadata\":{\"weight\":\"heavy\"}}|Metadata.weight: \"heavy\"",
        "{\"Addr\":\"h:1\",\"Metadata\":\"{\\\"weight\\\":-1}\"}|Metadata.weight: -1"
      })
  void read_malformed_saysWhatIsWrong(String value, String problem) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.read("a", value.getBytes(UTF_8)))
        .withMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1:8080", "a/b", "ä", ".."})
  void key_always_isTheId(String id) {
    assertThat(codec.key(id)).isEqualTo(id);
  }

  private static byte[] fixture(String name) throws IOException {
    try (InputStream file =
        GoEndpointsCodecTest.class.getResourceAsStream("/go/" + name + ".json")) {
      return file.readAllBytes();
    }
  }
}
