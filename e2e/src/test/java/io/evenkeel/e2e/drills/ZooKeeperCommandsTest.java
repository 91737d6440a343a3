package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.process.ZooKeeperServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command on a real ZooKeeper. */
@Timeout(120)
class ZooKeeperCommandsTest {
  private static ZooKeeperServer zookeeper;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    zookeeper = ZooKeeperServer.start(directory);
  }

  @AfterAll
  static void stop() {
    zookeeper.close();
  }

  @Test
  void registry_registerWatchListDeregister_workOnZooKeeper() {
    String registry = "zookeeper://" + zookeeper.address();
    try (CommandProcess register =
            CommandProcess.start(
                "registry", "register", "--registry", registry, "orders", "10.0.0.1:80", "--id=a");
        CommandProcess watch = CommandProcess.start("watch", registry + "/orders")) {
      register.awaitErrorLine(line -> line.contains("registered"));
      watch.awaitLine(line -> line.startsWith("+") && line.contains("10.0.0.1:80"));

      CommandProcess list = CommandProcess.run("registry", "list", "--registry", registry);
      CommandProcess deregister =
          CommandProcess.run("registry", "deregister", "--registry", registry, "orders", "a");
      CommandProcess again =
          CommandProcess.run("registry", "deregister", "--registry", registry, "orders", "a");

      assertThat(String.join("\n", list.lines())).contains("orders", "a", "10.0.0.1:80");
      assertThat(deregister.exitCode()).isZero();
      assertThat(again.exitCode()).isEqualTo(1);
      assertThat(again.errors()).contains("service \"orders\" has no instance \"a\"");
    }
  }
}
