package io.evenkeel.discovery.file;

import io.evenkeel.Endpoint;
import io.evenkeel.testkit.DiscoveryContract;
import io.evenkeel.testkit.WatchedTarget;
import io.grpc.NameResolverProvider;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryDiscoveryTest extends DiscoveryContract {
  @TempDir Path base;
  private Path directory;

  @BeforeEach
  void makeDirectory() throws Exception {
    directory = Files.createDirectory(base.resolve("orders"));
  }

  @Override
  protected NameResolverProvider provider() {
    return new FileDiscoveryProvider();
  }

  @Override
  protected URI target() {
    return URI.create("file://" + directory);
  }

  @Override
  protected void put(Endpoint endpoint) throws Exception {
    AtomicFile.write(
        directory.resolve(InstanceNames.fileName(endpoint.id())),
        InstanceFile.of(endpoint, Duration.ofMinutes(1), "test").toBytes());
  }

  @Override
  protected void putMalformed(String id) throws Exception {
    Files.writeString(directory.resolve(InstanceNames.fileName(id)), "{\"address\": \"nowhere\"}");
  }

  @Override
  protected void remove(String id) throws Exception {
    Files.delete(directory.resolve(InstanceNames.fileName(id)));
  }

  @Override
  protected String threadName() {
    return "evenkeel-file";
  }

  /** The last good content of a file counts until its lease ends. */
  @Test
  @Override
  protected void putMalformed_overGood_leavesItOut() throws Exception {
    put(instance("a", 1));
    try (WatchedTarget watched = watch()) {
      watched.next(BOUND);

      putMalformed("a");
      put(instance("b", 2));

      watched.await(BOUND, result -> result.ids().equals(List.of("a", "b")));
    }
  }
}
