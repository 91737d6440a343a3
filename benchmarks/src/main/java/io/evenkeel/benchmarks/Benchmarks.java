package io.evenkeel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks without a network, and rewrites their pages in the folder that the first
 * argument names: {@code picks.md} after {@code picks}, {@code updates.md} after {@code updates}.
 * {@code --fast} takes fewer sizes and shorter runs.
 */
public final class Benchmarks {

  private Benchmarks() {}

  public static void main(String[] arguments) throws IOException, RunnerException {
    if (arguments.length == 0) {
      throw new IllegalArgumentException(
          "usage: Benchmarks RESULTS_FOLDER [--fast] [updates] [picks]");
    }
    Path folder = Path.of(arguments[0]);
    List<String> wanted = List.of(arguments).subList(1, arguments.length);
    Extent extent = wanted.contains("--fast") ? Extent.FAST : Extent.FULL;
    Files.createDirectories(folder);
    if (wanted.contains("updates")) {
      UpdatePage.write(folder.resolve("updates.md"), extent);
    }
    if (wanted.contains("picks")) {
      writePicks(folder.resolve("picks.md"), extent);
    }
  }

  private static void writePicks(Path file, Extent extent) throws IOException, RunnerException {
    PickPage page = new PickPage();
    page.addPicks(1, run("pick$", 1, extent, extent.endpoints()));
    page.addPicks(2, run("pick$", 2, extent, extent.endpoints()));
    page.addTraces(run("pickAndTrace$", 1, extent, Extent.FAST.endpoints()));
    Files.writeString(file, page.render());
  }

  private static Collection<RunResult> run(
      String benchmark, int threads, Extent extent, List<String> endpoints) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options
        .include("PickBenchmark." + benchmark)
        .param("endpoints", endpoints.toArray(new String[0]))
        .threads(threads)
        .forks(extent.forks())
        .warmupIterations(2)
        .warmupTime(TimeValue.milliseconds(extent.iterationMillis()))
        .measurementIterations(extent.iterations())
        .measurementTime(TimeValue.milliseconds(extent.iterationMillis()))
        .addProfiler(GCProfiler.class)
        .jvmArgs("-Xms2g", "-Xmx4g", "-XX:+UseParallelGC");
    return new Runner(options.build()).run();
  }
}
