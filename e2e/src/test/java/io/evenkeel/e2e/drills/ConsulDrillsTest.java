package io.evenkeel.e2e.drills;

import io.evenkeel.testkit.process.ConsulServer;
import io.evenkeel.testkit.process.RegistryServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;

/** A Consul that was away has lost all it knew, so each test has its own. */
@RequiresServer("consul")
class ConsulDrillsTest extends RegistryDrills {
  @TempDir private Path directory;
  @AutoClose private ConsulServer consul;

  @Override
  RegistryServer serving() throws Exception {
    consul = ConsulServer.start(directory);
    return consul;
  }

  @Override
  String complaint(String address) {
    return "consul at " + address + ".*Connection refused";
  }

  @Override
  int newcomers() {
    return 3;
  }

  /** Nobody asks Consul more than once a second for long. */
  @Override
  int callsBetweenNewcomers() {
    return 1_100;
  }
}
