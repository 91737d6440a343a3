package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody sees who starts a service by hand. */
class ServeCommandTest {
  @TempDir private Path directory;

  @Test
  void serve_interruptedBeforeItIsRegistered_endsInOrder() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    String registry = "file://" + file.resolve("registry");

    try (CommandProcess serve =
        CommandProcess.start("serve", "order", "--registry", registry, "--drain-delay", "0s")) {
      serve.awaitErrorLine(line -> line.startsWith("still waiting: not registered"));
      serve.signal("INT");

      assertThat(serve.exitCode()).as(serve.toString()).isEqualTo(130);
      assertThat(serve.lines()).isEmpty();
      assertThat(serve.errors()).endsWith("stopping: done").doesNotContain("Exception");
    }
  }
}
