package io.evenkeel.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.EndpointSet;
import io.evenkeel.discovery.HostPort;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceEntryTest {
  private static final String NODE = "'Node':'n1','Address':'10.0.0.9','Meta':{'zone':'nz'}";

  @Test
  void endpoint_instanceOfAnyProgram_isReadAsConsulMeansIt() {
    Endpoint endpoint =
        endpoint(
            "'ID':'o-1','Service':'orders','Address':'10.0.0.1','Port':80,"
                + "'Weights':{'Passing':9,'Warning':2},'Meta':{'version':'1.2','zone':'z1'}",
            "passing");

    assertThat(endpoint)
        .isEqualTo(
            new Endpoint(
                "n1/o-1",
                List.of(HostPort.parse("10.0.0.1:80")),
                9,
                "z1",
                0,
                Map.of("version", "1.2")));
  }

  @Test
  void endpoint_noAddressOfItsOwn_hasTheNodes() {
    assertThat(endpoint("'Address':'','Port':80", "passing").displayAddress())
        .isEqualTo("10.0.0.9:80");
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8::7, '[2001:db8:0:0:0:0:0:7]:80'",
    "::1, '[0:0:0:0:0:0:0:1]:80'",
    "orders.example, orders.example:80",
  })
  void endpoint_anyKindOfAddress_isRead(String address, String expected) {
    Endpoint endpoint = endpoint("'Address':'" + address + "','Port':80", "passing");

    assertThat(endpoint.addresses()).containsExactly(HostPort.parse(expected));
  }

  @Test
  void endpoint_noZoneOfItsOwn_hasTheNodes() {
    assertThat(endpoint("'Port':80", "passing").zone()).isEqualTo("nz");
  }

  @Test
  void endpoint_localityOfNewerConsul_isTheZone() {
    String service = "'Port':80,'Locality':{'Region':'r','Zone':'lz'}";

    assertThat(endpoint(service, "passing").zone()).isEqualTo("lz");
  }

  @ParameterizedTest
  @CsvSource({
    "passing, 9",
    "warning, 2",
  })
  void endpoint_weights_areThoseOfItsState(String state, int weight) {
    String service = "'Port':80,'Weights':{'Passing':9,'Warning':2}";

    assertThat(endpoint(service, state).weight()).isEqualTo(weight);
  }

  @Test
  void endpoint_noWeights_hasTheDefault() {
    assertThat(endpoint("'Port':80", "passing").weight()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"critical", "maintenance"})
  void endpoints_checkFails_areLeftOutSilently(String state) {
    EndpointSet set = ConsulInstances.parse(list("'Port':80", state)).endpoints();

    assertThat(set.endpoints()).isEmpty();
    assertThat(set.problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'Port':0|it has no port",
        "'Port':'http'|it has no port",
        "'Port':70000|is malformed",
        "'Port':80,'Address':'a b'|neither a host name nor an IP address",
        "'Port':80,'Meta':{'addresses':'10.0.0.1'}|has no port",
      })
  void endpoints_malformed_areReported(String service, String problem) {
    EndpointSet set = ConsulInstances.parse(list(service, "passing")).endpoints();

    assertThat(set.endpoints()).isEmpty();
    assertThat(set.problems()).singleElement().asString().contains("on node \"n1\"", problem);
  }

  @Test
  void endpoints_sameAddressTwice_isReported() {
    String entry = list("'ID':'a','Address':'10.0.0.1','Port':80", "passing");
    String other = list("'ID':'b','Address':'10.0.0.1','Port':80", "passing");
    String both = entry.substring(0, entry.length() - 1) + "," + other.substring(1);

    EndpointSet set = ConsulInstances.parse(both).endpoints();

    assertThat(set.endpoints()).extracting(Endpoint::id).containsExactly("n1/a");
    assertThat(set.problems())
        .containsExactly("endpoint \"n1/b\" at 10.0.0.1:80: listed twice, the first one counts");
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 0", "7, 7, 7", "1000000, 65535, 65535"})
  void body_weight_isReadBackWhateverConsulAllows(int weight, int passing, int warning) {
    Endpoint written = Endpoint.of(HostPort.parse("10.0.0.1:80")).withId("ä/1").withWeight(weight);

    JsonObject body = ServiceRegistration.body("orders", written, "owner");

    assertThat(body.get("Weights").toString())
        .isEqualTo("{\"Passing\":%d,\"Warning\":%d}".formatted(passing, warning));
    assertThat(ServiceEntry.ofAgent(body).endpoint()).isEqualTo(written);
  }

  @Test
  void body_severalAddresses_areReadBack() {
    Endpoint written =
        Endpoint.of(List.of(HostPort.parse("10.0.0.1:80"), HostPort.parse("[2001:db8::7]:81")))
            .withPriority(2);

    JsonObject body = ServiceRegistration.body("orders", written, "owner");

    assertThat(ServiceEntry.ofAgent(body).endpoint()).isEqualTo(written);
  }

  private static Endpoint endpoint(String service, String state) {
    return ConsulInstances.parse(list(service, state)).endpoints().endpoints().get(0);
  }

  private static String list(String service, String state) {
    return JsonParser.parseString(
            "[{'Node':{%s},'Service':{%s},'Checks':[{'Status':'passing'},{'Status':'%s'}]}]"
                .formatted(NODE, service, state))
        .toString();
  }
}
