package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command on a real registry. To run it on one, extend this in a test class. */
@Timeout(240)
abstract class RegistryCommands {

  /** The URI of a registry without a service named {@code orders}. */
  abstract String registry();

  @Test
  final void registry_registerWatchListDeregister_work() {
    try (CommandProcess register =
        CommandProcess.start(
            "registry", "register", "--registry", registry(), "orders", "10.0.0.1:80", "--id=a")) {
      register.awaitErrorLine(line -> line.contains("registered"));
      // Not earlier: both at once are slow to start, and a registration has seconds only.
      try (CommandProcess watch = CommandProcess.start("watch", registry() + "/orders")) {
        watch.awaitLine(line -> line.startsWith("+") && line.contains("10.0.0.1:80"));
      }

      CommandProcess list = CommandProcess.run("registry", "list", "--registry", registry());
      CommandProcess deregister = deregister("a");
      CommandProcess again = deregister("a");

      assertThat(String.join("\n", list.lines())).contains("orders", "a", "10.0.0.1:80");
      assertThat(deregister.exitCode()).isZero();
      assertThat(again.exitCode()).isEqualTo(1);
      assertThat(again.errors()).contains("service \"orders\" has no instance \"a\"");
    }
  }

  private CommandProcess deregister(String id) {
    return CommandProcess.run("registry", "deregister", "--registry", registry(), "orders", id);
  }

  /** What {@code evenkeel resolve} prints for {@code target}. */
  static String resolved(String target) {
    CommandProcess resolve = CommandProcess.run("resolve", target);
    assertThat(resolve.exitCode()).as(resolve.toString()).isZero();
    return String.join("\n", resolve.lines());
  }
}
