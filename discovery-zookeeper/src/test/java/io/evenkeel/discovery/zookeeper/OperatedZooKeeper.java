package io.evenkeel.discovery.zookeeper;

import io.evenkeel.testkit.process.ZooKeeperServer;
import java.nio.file.Path;

/** A ZooKeeper, and a shell on it. */
record OperatedZooKeeper(ZooKeeperServer server, ZooKeeperShell shell) implements AutoCloseable {

  static OperatedZooKeeper start(Path directory) throws Exception {
    ZooKeeperServer server = ZooKeeperServer.start(directory);
    return new OperatedZooKeeper(server, new ZooKeeperShell(server));
  }

  @Override
  public void close() {
    shell.close();
    server.close();
  }
}
