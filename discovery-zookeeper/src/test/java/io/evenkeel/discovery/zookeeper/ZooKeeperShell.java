package io.evenkeel.discovery.zookeeper;

import io.evenkeel.testkit.process.ZooKeeperServer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.KeeperException;

/** What an operator does at ZooKeeper's own shell. */
final class ZooKeeperShell implements AutoCloseable {
  private final CuratorFramework curator;

  ZooKeeperShell(ZooKeeperServer server, String... userAndPassword) throws Exception {
    CuratorFrameworkFactory.Builder builder =
        CuratorFrameworkFactory.builder()
            .connectString(server.address())
            .retryPolicy(new RetryNTimes(20, 100));
    for (String each : userAndPassword) {
      builder.authorization("digest", each.getBytes(StandardCharsets.UTF_8));
    }
    curator = builder.build();
    curator.start();
    if (!curator.blockUntilConnected(10, TimeUnit.SECONDS)) {
      throw new AssertionError("no connection to " + server.address());
    }
  }

  CuratorFramework curator() {
    return curator;
  }

  /** Makes the node, and those above it, or writes over it. */
  void put(String path, String data) throws Exception {
    curator
        .create()
        .orSetData()
        .creatingParentsIfNeeded()
        .forPath(path, data.getBytes(StandardCharsets.UTF_8));
  }

  String get(String path) throws Exception {
    return new String(curator.getData().forPath(path), StandardCharsets.UTF_8);
  }

  void delete(String path) throws Exception {
    try {
      curator.delete().deletingChildrenIfNeeded().forPath(path);
    } catch (KeeperException.NoNodeException goneAlready) {
      return;
    }
  }

  /** The session that {@code path} stands under. */
  long owner(String path) throws Exception {
    return curator.checkExists().forPath(path).getEphemeralOwner();
  }

  @Override
  public void close() {
    curator.close();
  }
}
