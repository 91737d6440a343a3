package io.evenkeel.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class StopOnSignalTest {
  private static final int BY_SIGTERM = 128 + 15;

  @Test
  void sigterm_runningServer_stopsInOrder() throws Exception {
    Process process = start();
    try (BufferedReader output = process.inputReader()) {
      assertThat(output.readLine()).isEqualTo(SignalledProcess.LISTENING);

      // Process.destroy would close the output too.
      process.toHandle().destroy();
      List<String> steps = output.lines().toList();

      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(BY_SIGTERM);
      assertThat(steps)
          .extracting(step -> step.replaceFirst(".*: stopping: ", ""))
          .containsExactly(
              "reports NOT_SERVING",
              "leaves its registries",
              "waits for clients to notice",
              "finishes 0 running calls",
              "done");
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            SignalledProcess.class.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
