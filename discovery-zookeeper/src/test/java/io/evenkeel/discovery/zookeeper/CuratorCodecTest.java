package io.evenkeel.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.discovery.zookeeper.CuratorCodec.PortChoice;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.curator.x.discovery.ServiceInstance;
import org.apache.curator.x.discovery.ServiceInstanceBuilder;
import org.apache.curator.x.discovery.UriSpec;
import org.apache.curator.x.discovery.details.JsonInstanceSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CuratorCodecTest {
  private static final Endpoint PLAIN = Endpoint.of(HostPort.parse("10.0.0.1:80")).withId("a");

  private final CuratorCodec codec = new CuratorCodec(PortChoice.PLAIN);

  @Test
  void value_plainInstance_isWrittenAsCuratorWrites() throws Exception {
    byte[] value = codec.value("orders", PLAIN, 5);

    assertThat(text(value)).isEqualTo(text(curator(Void.class).serialize(builder().build())));
  }

  @Test
  void value_everyFieldSet_isWrittenAsCuratorWritesAMap() throws Exception {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("addresses", List.of("10.0.0.1:80", "[::1]:80"));
    payload.put("metadata", Map.of("version", "1.2 <é>"));
    payload.put("priority", 2);
    payload.put("weight", 9);
    payload.put("zone", "z1");
    Endpoint full =
        new Endpoint(
            "a",
            List.of(HostPort.parse("10.0.0.1:80"), HostPort.parse("[::1]:80")),
            9,
            "z1",
            2,
            Map.of("version", "1.2 <é>"));

    byte[] value = codec.value("orders", full, 5);

    assertThat(text(value))
        .isEqualTo(
            text(
                curator(Object.class)
                    .serialize(
                        ServiceInstance.<Object>builder()
                            .name("orders")
                            .id("a")
                            .address("10.0.0.1")
                            .port(80)
                            .registrationTimeUTC(5)
                            .payload(payload)
                            .build())));
    assertThat(codec.read("a", value)).isEqualTo(full);
  }

  @Test
  void read_payloadOfAForeignClass_takesWhatIsOursAndTheRestAsMetadata() throws Exception {
    byte[] value =
        bytes(
            "{\"id\":\"a\",\"address\":\"10.0.0.1\",\"port\":80,\"payload\":{\"@class\":"
                + "\"com.example.Unknown\",\"weight\":3,\"zone\":\"z\",\"team\":\"blue\",\"x\":null}}");

    Endpoint read = codec.read("a", value);

    assertThat(read)
        .isEqualTo(PLAIN.withWeight(3).withZone("z").withMetadata(Map.of("team", "blue")));
  }

  @Test
  void read_payloadOfSpringCloud_takesItsMetadata() {
    byte[] value =
        bytes(
            "{\"name\":\"orders\",\"id\":\"a\",\"address\":\"10.0.0.1\",\"port\":80,\"sslPort\":null,"
                + "\"payload\":{\"@class\":\"org.springframework.cloud.zookeeper.discovery"
                + ".ZookeeperInstance\",\"id\":\"orders\",\"name\":\"orders\",\"metadata\":"
                + "{\"version\":\"1.2\"}},\"registrationTimeUTC\":5,\"serviceType\":\"DYNAMIC\"}");

    Endpoint read = codec.read("a", value);

    assertThat(read)
        .isEqualTo(PLAIN.withMetadata(Map.of("id", "orders", "name", "orders", "version", "1.2")));
  }

  @Test
  void read_payloadThatIsText_isMetadata() {
    byte[] value = bytes("{\"address\":\"10.0.0.1\",\"port\":80,\"payload\":\"blue\"}");

    Endpoint read = codec.read("a", value);

    assertThat(read).isEqualTo(PLAIN.withMetadata(Map.of("payload", "blue")));
  }

  @Test
  void read_disabled_isNone() throws Exception {
    ServiceInstance<Void> disabled = builder().enabled(false).build();
    byte[] value = new JsonInstanceSerializer<>(Void.class, false).serialize(disabled);

    assertThat(codec.read("a", value)).isNull();
  }

  @Test
  void read_onlyAnSslPort_isUsed() {
    byte[] value = bytes("{\"address\":\"10.0.0.1\",\"port\":null,\"sslPort\":80}");

    assertThat(codec.read("a", value)).isEqualTo(PLAIN);
  }

  @Test
  void read_onlyAUriSpec_isRefusedAndSaysSo() throws Exception {
    ServiceInstance<Void> instance =
        ServiceInstance.<Void>builder()
            .name("orders")
            .address("10.0.0.1")
            .uriSpec(new UriSpec("http://{address}:80"))
            .build();
    byte[] value = curator(Void.class).serialize(instance);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.read("a", value))
        .withMessageContaining("\"uriSpec\" is not read");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nowhere | no JSON object",
        "{} | \"address\" is missing",
        "{\"address\":\"10.0.0.1\"} | \"port\" and \"sslPort\" are missing",
        "{\"address\":\"10.0.0.1\",\"port\":\"80\"} | \"port\"",
        "{\"address\":\"10.0.0.1\",\"port\":70000} | \"port\"",
        "{\"address\":\"a b\",\"port\":80} | a b",
        "{\"address\":\"10.0.0.1\",\"port\":80,\"enabled\":\"yes\"} | \"enabled\": \"yes\"",
        "{\"address\":\"10.0.0.1\",\"port\":80,\"payload\":{\"weight\":\"much\"}} | weight",
        "{\"address\":\"10.0.0.1\",\"port\":80,\"payload\":{\"weight\":-1}} | weight",
      })
  void read_noInstance_isRefusedAndSaysWhatIsWrong(String data, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.read("a", bytes(data)))
        .withMessageContaining(message);
  }

  private static ServiceInstanceBuilder<Void> builder() throws Exception {
    return ServiceInstance.<Void>builder()
        .name("orders")
        .id("a")
        .address("10.0.0.1")
        .port(80)
        .registrationTimeUTC(5);
  }

  private static <T> JsonInstanceSerializer<T> curator(Class<T> payload) {
    return new JsonInstanceSerializer<>(payload);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
