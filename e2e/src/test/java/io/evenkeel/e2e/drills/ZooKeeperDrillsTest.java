package io.evenkeel.e2e.drills;

import io.evenkeel.testkit.process.RegistryServer;
import io.evenkeel.testkit.process.ZooKeeperServer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** On one ZooKeeper for all tests, as it takes its time to start. */
class ZooKeeperDrillsTest extends RegistryDrills {
  private static final AtomicInteger tests = new AtomicInteger();
  @AutoClose private static ZooKeeperServer zookeeper;

  private final String path = "/test-" + tests.incrementAndGet();

  @BeforeAll
  static void startServer(@TempDir Path directory) throws Exception {
    zookeeper = ZooKeeperServer.start(directory);
  }

  @Override
  RegistryServer serving() {
    return zookeeper;
  }

  @Override
  String path() {
    return path;
  }

  /** All watches of a process share a client: that of an earlier test may not be closed yet. */
  @Override
  String complaint(String address) {
    return "ZooKeeper at " + address + ": (no connection to any member|the connection was lost)";
  }
}
