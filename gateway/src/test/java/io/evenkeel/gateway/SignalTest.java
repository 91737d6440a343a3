package io.evenkeel.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real process that is told to end while a request is in flight. */
class SignalTest {
  private static final long PATIENCE_SECONDS = GatewayFixture.PATIENCE.toSeconds();
  private final CountDownLatch released = new CountDownLatch(1);
  private LibraryUpstream upstream;
  private Process process;

  @BeforeEach
  void start() throws Exception {
    upstream = LibraryUpstream.start();
    upstream.answer(
        (request, answers) -> {
          awaitRelease();
          answers.onNext(request);
          answers.onCompleted();
        });
    process =
        new ProcessBuilder(
                // A build that a script runs in the background ignores SIGINT, and so would this.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                GatewayProcess.class.getName(),
                String.valueOf(upstream.port()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  @AfterEach
  void stop() {
    released.countDown();
    process.destroyForcibly();
    upstream.close();
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  void signal_requestInFlight_isAnsweredBeforeTheEnd(String signal, int exit) throws Exception {
    int port = port();
    try (RawConnection client = RawConnection.open(port)) {
      client.send("GET /v1/books/dune HTTP/1.1\r\nhost: x\r\n\r\n");
      assertThat(upstream.arrived.await(PATIENCE_SECONDS, SECONDS)).isTrue();

      new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
      released.countDown();

      assertThat(client.readUntil("}")).contains("200 OK").contains("{\"name\":\"dune\"}");
    }
    assertThat(process.waitFor(PATIENCE_SECONDS, SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(exit);
  }

  private int port() throws Exception {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    return Integer.parseInt(out.readLine());
  }

  private void awaitRelease() {
    try {
      assertThat(released.await(PATIENCE_SECONDS, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
