package io.evenkeel.e2e.drills;

import io.evenkeel.testkit.process.ZooKeeperServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class ZooKeeperCommandsTest extends RegistryCommands {
  @AutoClose private static ZooKeeperServer zookeeper;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    zookeeper = ZooKeeperServer.start(directory);
  }

  @Override
  String registry() {
    return zookeeper.uri();
  }
}
