package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsTargetTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dns+refresh:///orders.example:8080|[]|orders.example|8080|orders.example:8080",
        "dns+refresh:orders.example:8080|[]|orders.example|8080|orders.example:8080",
        "dns+refresh:/orders.example:8080|[]|orders.example|8080|orders.example:8080",
        "dns+refresh:///orders:1?interval=5s|[]|orders|1|orders:1",
        "dns+refresh:///orders.example.:8080|[]|orders.example.|8080|orders.example:8080",
        "dns+refresh:///my_host.a_b:80|[]|my_host.a_b|80|my_host.a_b:80",
        "dns+refresh:///dash-.example:80|[]|dash-.example|80|dash-.example:80",
        "dns+refresh:///b%C3%BCcher.example:80|[]|xn--bcher-kva.example|80|xn--bcher-kva.example:80",
        "dns+refresh:///10.0.0.1:80|[]|10.0.0.1|80|10.0.0.1:80",
        "dns+refresh:///%5B::1%5D:80|[]|::1|80|[::1]:80",
        "dns+refresh:///%5B2001:DB8::7%5D:80|[]|2001:db8::7|80|[2001:db8::7]:80",
        "dns+refresh://10.0.0.2:5353/a:80|[10.0.0.2:5353]|a|80|a:80",
        "dns+refresh://10.0.0.2/a:80|[10.0.0.2:53]|a|80|a:80",
        "dns+refresh://[::1]:53/a:80|[[::1]:53]|a|80|a:80",
        "dns+refresh://ns.example/a:80|[ns.example:53]|a|80|a:80",
        "dns+refresh://10.0.0.2,10.0.0.3/a:80|[10.0.0.2:53, 10.0.0.3:53]|a|80|a:80",
        "dns+refresh://10.0.0.2%3A54,10.0.0.3%3A55/a:80|[10.0.0.2:54, 10.0.0.3:55]|a|80|a:80",
      })
  void ofHost_target_isRead(
      String target, String servers, String host, int port, String authority) {
    DnsTarget read = DnsTarget.ofHost(URI.create(target));

    assertThat(read.servers()).hasToString(servers);
    assertThat(read.port()).isEqualTo(port);
    assertThat(read.authority()).isEqualTo(authority);
    assertThat(read.host()).isEqualTo(host);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dns+srv:///_grpc._tcp.orders.example|_grpc._tcp.orders.example|orders.example",
        "dns+srv:///_grpc._tcp.orders.example.|_grpc._tcp.orders.example.|orders.example",
        "dns+srv:_grpc._tcp.orders|_grpc._tcp.orders|orders",
        "dns+srv:///orders.service.consul|orders.service.consul|orders.service.consul",
        "dns+srv://127.0.0.1:8600/_orders._tcp.service.consul|_orders._tcp.service.consul|service.consul",
      })
  void ofService_target_isRead(String target, String name, String authority) {
    DnsTarget read = DnsTarget.ofService(URI.create(target));

    assertThat(read.host()).isEqualTo(name);
    assertThat(read.authority()).isEqualTo(authority);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dns+refresh:///orders.example|has no port",
        "dns+refresh:///orders.example:0|port 0",
        "dns+refresh:///orders.example:99999|malformed",
        "dns+refresh:///:80|neither a host name nor an IP address",
        "dns+refresh:///|has no port",
        "dns+refresh:a:80?interval=5s|parameters need three slashes",
        "dns+refresh:///1.2.3:80|neither a host name nor an IP address",
        "dns+refresh:///a..b:80|is not a DNS name",
        "dns+refresh:///a/b:80|neither a host name nor an IP address",
        "dns+refresh:///a%20b:80|neither a host name nor an IP address",
        "dns+refresh:///::1:80|needs brackets",
        "dns+refresh:///a:80#x|'#' means nothing here",
        "dns+refresh://me@10.0.0.2/a:80|takes no user",
        "dns+refresh://10.0.0.2:0/a:80|is not a name server",
        "dns+refresh://10.0.0.2,/a:80|is not a name server",
        "dns+refresh:///123456789012345678901234567890123456789012345678901234567890abcd:80"
            + "|is not a DNS name",
      })
  void ofHost_malformed_isRefusedWithAnExample(String target, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DnsTarget.ofHost(URI.create(target)))
        .withMessageContaining(target)
        .withMessageContaining(why)
        .withMessageContaining("(example: dns+refresh:///orders.example:8080)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dns+srv:///_grpc._tcp.orders.example:80|the port comes from the SRV records",
        "dns+srv:///|is not a DNS name",
        "dns+srv:///_grpc._tcp.a..b|is not a DNS name",
      })
  void ofService_malformed_isRefusedWithAnExample(String target, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DnsTarget.ofService(URI.create(target)))
        .withMessageContaining(why)
        .withMessageContaining("(example: dns+srv:///_grpc._tcp.orders.example)");
  }

  /** The schemes have a plus, which not everything that parses a URI expects. */
  @ParameterizedTest
  @CsvSource({
    "dns+refresh:///orders.test:8080,orders.test:8080",
    "dns+refresh:///my_orders.test:8080,my_orders.test:8080",
    "dns+refresh:///%5B::1%5D:8080,[::1]:8080",
    "dns+refresh:///b%C3%BCcher.test:80,xn--bcher-kva.test:80",
    "dns+refresh://127.0.0.1:5353/orders.test:8080?interval=5s,orders.test:8080",
    "dns+refresh://127.0.0.1%3A5353%2C127.0.0.1%3A5354/orders.test:8080,orders.test:8080",
    "dns+srv:///_grpc._tcp.orders.test,orders.test",
    "dns+srv://127.0.0.1:8600/_grpc._tcp.orders.test,orders.test"
  })
  void channel_plainBuilder_takesTheTarget(String target, String authority) {
    ManagedChannel channel =
        Grpc.newChannelBuilder(target, InsecureChannelCredentials.create()).build();

    assertThat(channel.authority()).isEqualTo(authority);
    channel.shutdownNow();
  }
}
