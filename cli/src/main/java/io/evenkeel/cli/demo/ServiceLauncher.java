package io.evenkeel.cli.demo;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Starts order services as processes of their own, with the Java and the class path of this one.
 *
 * @param mainClass the command's main class
 * @param registry where they register
 */
record ServiceLauncher(Class<?> mainClass, URI registry) {
  private static final String SMALL_HEAP = "-Xmx64m";

  /**
   * Ctrl-C reaches every process of a terminal. The services leave it to the demo to end them,
   * after the gateway has finished what it was asked.
   */
  private static final List<String> DEAF_TO_CTRL_C =
      List.of("/bin/sh", "-c", "trap '' INT; exec \"$0\" \"$@\"");

  /** Flags that two processes cannot share. */
  private static final List<String> OWN_FLAGS =
      List.of("-agentlib", "-agentpath", "-javaagent", "-XX:ArchiveClassesAtExit");

  /**
   * Starts the service {@code id}; it ends when this process does, however that ends. What it has
   * to complain about goes to {@code complaints}.
   */
  ServiceProcess start(String id, Consumer<String> complaints) throws IOException {
    List<String> command = new ArrayList<>(DEAF_TO_CTRL_C);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> OWN_FLAGS.stream().noneMatch(flag::startsWith))
        .forEach(command::add);
    command.add(SMALL_HEAP);
    command.addAll(List.of("-cp", absoluteClassPath(), mainClass.getName()));
    command.addAll(List.of("serve", "order", "--exit-with-parent"));
    command.addAll(List.of("--id", id, "--registry", registry.toString()));
    // Nobody should wait long for the end of a demo.
    command.addAll(List.of("--drain-delay", "300ms", "--drain-timeout", "3s"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("INSTANCE_ID", id);
    return new ServiceProcess(id, builder.start(), complaints);
  }

  /** What a user types to start the service {@code id} again. */
  String commandLine(String id) {
    String command = System.getProperty("evenkeel.command", "evenkeel");
    return "%s serve order --id %s --registry %s".formatted(command, id, registry);
  }

  private static String absoluteClassPath() {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, entries);
  }
}
