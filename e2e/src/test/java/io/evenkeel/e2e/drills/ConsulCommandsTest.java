package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.process.ConsulServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresServer("consul")
class ConsulCommandsTest extends RegistryCommands {
  @AutoClose private static ConsulServer consul;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    consul = ConsulServer.start(directory);
  }

  @Override
  String registry() {
    return consul.uri();
  }

  @Test
  void resolve_instanceOfAnotherProgram_isFound() throws Exception {
    consul.api(
        "PUT",
        "/v1/agent/service/register",
        "{\"Name\":\"users\",\"Address\":\"10.0.0.2\",\"Port\":80,\"Meta\":{\"zone\":\"z1\"}}");

    assertThat(resolved(consul.uri() + "/users")).contains("10.0.0.2:80", "z1");
  }
}
