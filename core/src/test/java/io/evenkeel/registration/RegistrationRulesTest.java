package io.evenkeel.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.registration.RegistrationRules.Reach;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationRulesTest {

  @ParameterizedTest
  @ValueSource(strings = {"orders", "order.OrderService", "a", "0", "A_b-c.d"})
  void checkService_plainName_isTaken(String service) {
    assertThat(RegistrationRules.checkService(service)).isEqualTo(service);
  }

  @Test
  void checkService_longName_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RegistrationRules.checkService("a".repeat(129)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1:80", "[2001:db8::1]:80", "orders.example:80"})
  void checkEndpoint_reachableAddress_isTakenEverywhere(String address) {
    Endpoint endpoint = Endpoint.of(HostPort.parse(address));

    assertThat(RegistrationRules.checkEndpoint(endpoint, Reach.NETWORK)).isSameAs(endpoint);
    assertThat(RegistrationRules.checkEndpoint(endpoint, Reach.MACHINE)).isSameAs(endpoint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:80", "[::1]:80"})
  void checkEndpoint_loopback_isTakenWithinOneMachineOnly(String address) {
    Endpoint endpoint = Endpoint.of(HostPort.parse(address)).withId("a");

    assertThat(RegistrationRules.checkEndpoint(endpoint, Reach.MACHINE)).isSameAs(endpoint);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RegistrationRules.checkEndpoint(endpoint, Reach.NETWORK))
        .withMessageStartingWith("address of instance \"a\": " + endpoint.displayAddress() + " ")
        .withMessageEndingWith(
            "(expected: an address other machines can reach, not loopback; ?loopback=allow if all"
                + " clients are on this one)");
  }

  @Test
  void ofLoopback_otherWord_isRefused() {
    assertThat(Reach.ofLoopback("allow")).isEqualTo(Reach.MACHINE);
    assertThat(Reach.ofLoopback("refuse")).isEqualTo(Reach.NETWORK);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Reach.ofLoopback("yes"))
        .withMessage("?loopback: \"yes\" (expected: allow or refuse)");
  }

  @Test
  void open_unknownScheme_namesThoseThatExist() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Registrars.open(URI.create("fiel:///tmp/x")))
        .withMessageContaining("scheme fiel (expected one of: [file])");
  }
}
