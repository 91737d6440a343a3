package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;

class DnsSetupTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "orders,1,orders.a.test orders.b.test orders",
    "orders.x,1,orders.x orders.x.a.test orders.x.b.test",
    "orders.x,5,orders.x.a.test orders.x.b.test orders.x",
    "orders.,1,orders",
    "orders.x.,5,orders.x",
    "_grpc._tcp.orders,1,_grpc._tcp.orders _grpc._tcp.orders.a.test _grpc._tcp.orders.b.test",
    "orders,0,orders orders.a.test orders.b.test"
  })
  void candidates_byDots_areInTheOrderOfTheSystem(String host, int ndots, String expected) {
    DnsSetup setup =
        new DnsSetup(
            List.of(), List.of(Zone.name("a.test"), Zone.name("b.test")), ndots, Hosts.NONE);

    assertThat(setup.candidates(host).stream().map(Names::text))
        .containsExactly(expected.split(" "));
  }

  @Test
  void candidates_nameTooLongWithADomain_leavesThatOut() {
    String label = "x".repeat(60) + ".";
    Name domain = Zone.name(label.repeat(3));
    DnsSetup setup = new DnsSetup(List.of(), List.of(domain), 1, Hosts.NONE);

    assertThat(setup.candidates("a." + label + "b")).hasSize(2);
    assertThat(setup.candidates("a." + label.repeat(2) + "b")).hasSize(1);
  }

  @Test
  void read_resolvConf_saysServersDomainsAndDots() throws Exception {
    Path resolvConf =
        Files.write(
            directory.resolve("resolv.conf"),
            List.of(
                "# by hand",
                "nameserver 10.0.0.2",
                "nameserver 2001:db8::53",
                "search a.test b.test",
                "options edns0 ndots:5 trust-ad"));

    DnsSetup setup = new SystemSetup(resolvConf, directory.resolve("none")).read();

    assertThat(setup.servers()).containsExactly(server("10.0.0.2"), server("2001:db8::53"));
    assertThat(setup.search()).containsExactly(Zone.name("a.test"), Zone.name("b.test"));
    assertThat(setup.ndots()).isEqualTo(5);
  }

  @Test
  void read_resolvConfReplaced_isReadAgain() throws Exception {
    Path resolvConf = Files.writeString(directory.resolve("resolv.conf"), "nameserver 10.0.0.2\n");
    SystemSetup system = new SystemSetup(resolvConf, directory.resolve("none"));
    system.read();

    Files.writeString(resolvConf, "nameserver 10.0.0.33\nsearch c.test\n");
    DnsSetup setup = system.read();

    assertThat(setup.servers()).containsExactly(server("10.0.0.33"));
    assertThat(setup.search()).containsExactly(Zone.name("c.test"));
  }

  @Test
  void read_resolvConfWithoutServers_asksTheMachineItself() throws Exception {
    Path resolvConf = Files.writeString(directory.resolve("resolv.conf"), "search a.test\n");

    DnsSetup setup = new SystemSetup(resolvConf, directory.resolve("none")).read();

    assertThat(setup.servers())
        .containsExactly(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53));
  }

  @Test
  void read_noResolvConf_hasAServer() throws Exception {
    Path none = directory.resolve("none");

    assertThat(new SystemSetup(none, none).read().servers()).isNotEmpty();
  }

  @Test
  void read_hostsFileChanges_isReadAgain() throws Exception {
    Path hosts = Files.writeString(directory.resolve("hosts"), "10.0.0.1 orders\n");
    SystemSetup system = new SystemSetup(directory.resolve("none"), hosts);
    system.read();

    Files.writeString(hosts, "10.0.0.1 orders\n10.0.0.2 orders\n");

    assertThat(system.read().hosts().of("orders")).hasSize(2);
  }

  @Test
  void hosts_lines_areReadAsTheSystemDoes() {
    Hosts hosts =
        Hosts.parse(
            List.of(
                "127.0.0.1\tlocalhost",
                "10.0.0.1  Orders.Test orders # the first",
                "#10.0.0.9 orders",
                "",
                "garbage orders",
                "10.0.0.3",
                "::7 orders",
                "10.0.0.1 orders"));

    assertThat(hosts.of("orders"))
        .extracting(InetAddress::getHostAddress)
        .containsExactly("10.0.0.1", "0:0:0:0:0:0:0:7");
    assertThat(hosts.of("ORDERS.test.")).hasSize(1);
    assertThat(Stream.of("garbage", "the", "first", "").map(hosts::of)).allMatch(List::isEmpty);
  }

  private static InetSocketAddress server(String address) {
    return Zone.socket(address, 53);
  }
}
