package io.evenkeel.discovery.dns;

import io.evenkeel.Endpoint;
import io.evenkeel.testkit.DiscoveryContract;
import io.grpc.NameResolverProvider;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract for {@code dns+srv}, against a name server in this process. */
class SrvDiscoveryTest extends DiscoveryContract {
  private static final String NAME = "_orders._tcp.test";

  private final Map<String, Endpoint> instances = new LinkedHashMap<>();
  private final List<String> malformed = new ArrayList<>();
  private final Zone zone = new Zone().negativeTtl(1);
  private TestNameServer server;

  @BeforeEach
  void open() throws Exception {
    server = TestNameServer.serving(zone);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  @Override
  protected NameResolverProvider provider() {
    return new DnsSrvProvider();
  }

  @Override
  protected URI target() {
    return URI.create("dns+srv://" + Hosts.text(server.address()) + "/" + NAME + "?interval=1s");
  }

  @Override
  protected void put(Endpoint endpoint) {
    instances.put(endpoint.id(), endpoint);
    publish();
  }

  /** A record whose target does not exist. */
  @Override
  protected void putMalformed(String id) {
    instances.remove(id);
    malformed.add(id + ".missing");
    publish();
  }

  @Override
  protected void remove(String id) {
    instances.remove(id);
    publish();
  }

  @Override
  protected String threadName() {
    return "evenkeel-dns";
  }

  /** A record says neither a zone nor metadata, and its target and port are its id. */
  @Override
  protected Endpoint asSeen(Endpoint written) {
    return written
        .withId(target(written) + ":" + address(written).getPort())
        .withZone("")
        .withMetadata(Map.of());
  }

  private void publish() {
    synchronized (zone) {
      zone.remove(NAME);
      malformed.forEach(target -> zone.srv(NAME, 0, 1, 80, target));
      for (Endpoint each : instances.values()) {
        InetSocketAddress address = address(each);
        zone.remove(target(each))
            .srv(NAME, each.priority(), each.weight(), address.getPort(), target(each))
            .address(target(each), 1, address.getAddress().getHostAddress());
      }
    }
  }

  private static String target(Endpoint endpoint) {
    return endpoint.id() + ".test";
  }

  private static InetSocketAddress address(Endpoint endpoint) {
    return (InetSocketAddress) endpoint.addresses().get(0);
  }
}
