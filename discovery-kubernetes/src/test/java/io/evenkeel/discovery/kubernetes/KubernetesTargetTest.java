package io.evenkeel.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.registration.RegistrarProvider;
import java.net.URI;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesTargetTest {

  @ParameterizedTest
  @CsvSource({
    "kubernetes:///orders, '', orders, '', 0",
    "kubernetes:///orders:8080, '', orders, '', 8080",
    "kubernetes:///orders.prod:grpc, prod, orders, grpc, 0",
    "kubernetes://prod/orders:grpc, prod, orders, grpc, 0",
    "kubernetes://prod/orders.prod:grpc, prod, orders, grpc, 0",
    "kubernetes:///orders.prod.svc:8080, prod, orders, '', 8080",
    "kubernetes:///orders.prod.svc.cluster.local:8080, prod, orders, '', 8080",
  })
  void parse_wellFormed_isRead(
      String uri, String namespace, String service, String port, int number) {
    assertThat(KubernetesTarget.parse(URI.create(uri)))
        .isEqualTo(new KubernetesTarget(namespace, service, new ServicePort(port, number)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kubernetes:orders",
        "kubernetes:///",
        "kubernetes:///Orders",
        "kubernetes:///orders.",
        "kubernetes:///orders.prod.cluster.local",
        "kubernetes:///orders/more",
        "kubernetes:///orders:0",
        "kubernetes:///orders:70000",
        "kubernetes:///orders:",
        "kubernetes:///orders:-x",
        "kubernetes:///orders:1:2",
        "kubernetes://prod/orders.test:1",
        "kubernetes://prod:443/orders",
      })
  void parse_malformed_quotesItAndGivesAnExample(String uri) {
    assertThatThrownBy(() -> KubernetesTarget.parse(URI.create(uri)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(uri)
        .hasMessageContaining("kubernetes:///service.namespace:port");
  }

  @Test
  void authority_ofTheService_isItsNameWithoutThePort() {
    assertThat(
            new KubernetesDiscoveryProvider()
                .authority(URI.create("kubernetes://prod/orders:8080")))
        .isEqualTo("orders.prod");
  }

  @Test
  void open_asARegistry_saysWhoRegisters() {
    RegistrarProvider provider =
        ServiceLoader.load(RegistrarProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(each -> each.scheme().equals("kubernetes"))
            .findFirst()
            .orElseThrow();

    assertThatThrownBy(() -> provider.open(URI.create("kubernetes:///")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Kubernetes registers pods itself")
        .hasMessageContaining("readinessProbe");
  }
}
