package io.evenkeel.discovery.file;

import io.evenkeel.Endpoint;
import io.evenkeel.testkit.DiscoveryContract;
import io.grpc.NameResolverProvider;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;

class ListDiscoveryTest extends DiscoveryContract {
  @TempDir Path base;
  private final Map<String, Object> elements = new TreeMap<>();

  @Override
  protected NameResolverProvider provider() {
    return new FileDiscoveryProvider();
  }

  @Override
  protected URI target() {
    return URI.create("file://" + list());
  }

  @Override
  protected void put(Endpoint endpoint) throws Exception {
    elements.put(endpoint.id(), EndpointJson.write(endpoint));
    save();
  }

  @Override
  protected void putMalformed(String id) throws Exception {
    elements.put(id, "nowhere");
    save();
  }

  @Override
  protected void remove(String id) throws Exception {
    elements.remove(id);
    save();
  }

  @Override
  protected String threadName() {
    return "evenkeel-file";
  }

  private Path list() {
    return base.resolve("orders.json");
  }

  private void save() throws Exception {
    Files.write(list(), Json.write(Map.of("endpoints", List.copyOf(elements.values()))));
  }
}
