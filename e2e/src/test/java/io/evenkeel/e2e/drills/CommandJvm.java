package io.evenkeel.e2e.drills;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How the {@code evenkeel} command is started here: as its launcher does, with an archive of the
 * classes that are parsed already, which halves the start. All JVMs that run tests share it. There
 * is none while a module's classes are not in a jar, as in an IDE.
 */
final class CommandJvm {
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xmx256m",
          "-Xlog:disable",
          "-Xlog:all=error:stderr");

  private static final List<String> COMMAND = command();

  private CommandJvm() {}

  /** Java, its flags and the main class; the arguments of the command follow. */
  static List<String> commandLine() {
    return COMMAND;
  }

  private static List<String> command() {
    List<Path> classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .toList();
    // Nothing of the tests belongs to the command.
    List<Path> jars = classPath.stream().filter(each -> each.toString().endsWith(".jar")).toList();
    if (jars.stream().noneMatch(each -> each.getFileName().toString().startsWith("evenkeel-cli"))) {
      return java(classPath, List.of());
    }
    try {
      return java(jars, List.of("-XX:SharedArchiveFile=" + archive(jars)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static List<String> java(List<Path> classPath, List<String> flags) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(FLAGS);
    command.addAll(flags);
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList()));
    command.add("io.evenkeel.cli.Main");
    return List.copyOf(command);
  }

  /** The archive of {@code jars} as they are, made by the first that asks. */
  private static Path archive(List<Path> jars) throws IOException, InterruptedException {
    StringBuilder state = new StringBuilder();
    for (Path jar : jars) {
      state.append(jar).append(Files.getLastModifiedTime(jar)).append(Files.size(jar));
    }
    String name = "evenkeel-" + Integer.toHexString(state.toString().hashCode());
    Path folder = Files.createDirectories(Path.of("target", "command")).toAbsolutePath();
    Path archive = folder.resolve(name + ".jsa");
    try (FileChannel lock =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      lock.lock();
      if (!Files.exists(archive)) {
        Path dump = folder.resolve(name + ".dump");
        List<String> training =
            new ArrayList<>(java(jars, List.of("-XX:ArchiveClassesAtExit=" + dump)));
        training.add("train");
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(training).redirectErrorStream(true);
        if (builder.redirectOutput(log.toFile()).start().waitFor() != 0) {
          throw new AssertionError("no archive of classes: " + Files.readString(log));
        }
        Files.move(dump, archive, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return archive;
  }
}
