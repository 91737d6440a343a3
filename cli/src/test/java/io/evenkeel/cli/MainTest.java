package io.evenkeel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

  @Test
  void run_help_listsEveryCommand() {
    CommandRun run = CommandRun.of("--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains(
            "demo", "serve", "gateway", "call", "resolve", "watch", "check", "registry", "130");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"demo", "serve", "gateway", "call", "resolve", "watch", "check", "registry"})
  void run_helpOfACommand_describesIt(String command) {
    CommandRun run = CommandRun.of(command, "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage: evenkeel " + command).contains("--json");
  }

  @Test
  void run_version_printsIt() {
    CommandRun run = CommandRun.of("--version");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("evenkeel ");
  }

  @Test
  void run_noCommand_isAUsageError() {
    CommandRun run = CommandRun.of();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("no command given").contains("--help");
  }

  @Test
  void run_misspeltOption_suggestsTheNearest() {
    CommandRun run = CommandRun.of("serve", "order", "--wieght", "3");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--weight");
  }

  @Test
  void run_misspeltCommand_suggestsTheNearest() {
    CommandRun run = CommandRun.of("reslve", "fixed:///a:1");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("unknown command 'reslve'").contains("\"resolve\"");
  }

  @Test
  void run_unknownCommand_namesNoHiddenOne() {
    CommandRun run = CommandRun.of("frobnicate-everything");

    assertThat(run.err()).contains("call, check, demo").doesNotContain("train");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port 70000                   | --port 70000 (expected: 0..65535)",
        "--port -1                      | --port -1 (expected: 0..65535)",
        "--registry nowhere:///x        | scheme nowhere (expected one of: ",
        "--registry file:///dev/null    | is a file; instances register in a directory",
        "--registry {}                  | \"{}\" is no URI: Illegal character",
      })
  void run_demoWithAnOptionThatCannotBe_startsNothing(String option, String expected) {
    CommandRun run = CommandRun.of(("demo " + option).split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("error: ").contains(expected).doesNotContain("Exception");
  }

  @Test
  void run_misspeltService_suggestsTheNearest() {
    CommandRun run = CommandRun.of("serve", "ordr");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("did you mean \"order\"");
  }

  @Test
  void run_malformedDuration_saysWhatIsExpected() {
    CommandRun run = CommandRun.of("call", "fixed:///a:1", "a.B/C", "--duration", "5");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("'5' is not a duration").contains("500ms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-n=0", "--rate=-1", "--concurrency=-1"})
  void run_numberOutOfRange_isAUsageError(String option) {
    CommandRun run = CommandRun.of("call", "fixed:///a:1", "a.B/C", option);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("expected");
  }

  @Test
  void run_fileIsNotThere_saysSoInOneLine() {
    CommandRun run = CommandRun.of("check", "no-such-file.json");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo("error: no-such-file.json cannot be read: no such file or directory\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"resolve", "watch"})
  void run_nobodyReadsStandardOutput_endsQuietly(String command) {
    CommandRun run = CommandRun.into(failing("Broken pipe"), command, "fixed:///127.0.0.1:1");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"resolve", "watch"})
  void run_noRoomForStandardOutput_fails(String command) {
    CommandRun run = CommandRun.into(failing("No space left"), command, "fixed:///127.0.0.1:1");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("error: standard output cannot be written: No space left\n");
  }

  private static OutputStream failing(String reason) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(reason);
      }
    };
  }
}
