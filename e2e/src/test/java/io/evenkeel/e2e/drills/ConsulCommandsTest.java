package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.process.ConsulServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command on a real Consul. */
@RequiresServer("consul")
@Timeout(120)
class ConsulCommandsTest {
  private static ConsulServer consul;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    consul = ConsulServer.start(directory);
  }

  @AfterAll
  static void stop() {
    consul.close();
  }

  @Test
  void registry_registerWatchListDeregister_workOnConsul() {
    String registry = "consul://" + consul.address();
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

  @Test
  void resolve_instanceOfAnotherProgram_isFound() throws Exception {
    consul.api(
        "PUT",
        "/v1/agent/service/register",
        "{\"Name\":\"users\",\"Address\":\"10.0.0.2\",\"Port\":80,\"Meta\":{\"zone\":\"z1\"}}");

    CommandProcess resolve =
        CommandProcess.run("resolve", "consul://" + consul.address() + "/users");

    assertThat(resolve.exitCode()).isZero();
    assertThat(String.join("\n", resolve.lines())).contains("10.0.0.2:80", "z1");
  }
}
