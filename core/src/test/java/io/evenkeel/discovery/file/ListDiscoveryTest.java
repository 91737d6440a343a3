package io.evenkeel.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.testkit.DiscoveryContract;
import io.evenkeel.testkit.WatchedTarget;
import io.grpc.NameResolverProvider;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
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

  @Test
  void read_linkOfAMountedConfigMapIsSwapped_isSeen() throws Exception {
    mountVersion("v1", "127.0.0.1:1");
    Files.createSymbolicLink(list(), Path.of("..data", "orders.json"));
    try (WatchedTarget watched = watch()) {
      watched.next(BOUND);

      mountVersion("v2", "127.0.0.1:2");

      assertThat(watched.next(BOUND).ids()).containsExactly("127.0.0.1:2");
    }
  }

  private void mountVersion(String version, String address) throws Exception {
    Path directory = Files.createDirectory(base.resolve(version));
    Files.writeString(directory.resolve("orders.json"), "[\"" + address + "\"]");
    Path link = Files.createSymbolicLink(base.resolve("..new"), Path.of(version));
    Files.move(link, base.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  private Path list() {
    return base.resolve("orders.json");
  }

  private void save() throws Exception {
    Files.write(list(), Json.write(Map.of("endpoints", List.copyOf(elements.values()))));
  }
}
