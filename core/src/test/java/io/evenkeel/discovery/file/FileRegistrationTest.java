package io.evenkeel.discovery.file;

import io.evenkeel.testkit.RegistrationContract;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class FileRegistrationTest extends RegistrationContract {
  @TempDir Path base;

  @Override
  protected URI registry() {
    return URI.create("file://" + base + "?ttl=1s");
  }

  @Override
  protected Duration ttl() {
    return Duration.ofSeconds(1);
  }

  @Override
  protected void lose(String service, String id) throws Exception {
    Files.delete(base.resolve(service).resolve(InstanceNames.fileName(id)));
  }

  @Override
  protected String threadName() {
    return "evenkeel-file";
  }
}
