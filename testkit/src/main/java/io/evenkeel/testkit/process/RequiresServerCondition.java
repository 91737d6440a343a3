package io.evenkeel.testkit.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Looks for what {@link RequiresServer} names. */
final class RequiresServerCondition implements ExecutionCondition {
  /** Of the system's own servers; on the PATH of root only. */
  static final Path SYSTEM_COMMANDS = Path.of("/usr/sbin");

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<String> missing =
        AnnotationSupport.findAnnotation(context.getElement(), RequiresServer.class).stream()
            .flatMap(required -> Stream.of(required.value()))
            .filter(command -> !isInstalled(command))
            .findFirst();
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("all servers are installed");
    }
    String message =
        "the command " + missing.get() + " is not installed (run scripts/install-test-tools.sh)";
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(message);
    }
    return ConditionEvaluationResult.disabled(message);
  }

  private static boolean isInstalled(String command) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(
            Stream.of(SYSTEM_COMMANDS.toString()), Stream.of(path.split(File.pathSeparator, -1)))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
  }
}
