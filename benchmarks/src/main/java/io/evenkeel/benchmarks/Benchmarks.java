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
 * Runs every benchmark and rewrites the pages in the folder that its first argument names. {@code
 * --fast} as second argument takes fewer sizes and shorter runs.
 */
public final class Benchmarks {

  private Benchmarks() {}

  public static void main(String[] arguments) throws IOException, RunnerException {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("usage: Benchmarks RESULTS_FOLDER [--fast]");
    }
    Path folder = Path.of(arguments[0]);
    Extent extent = List.of(arguments).contains("--fast") ? Extent.FAST : Extent.FULL;
    Files.createDirectories(folder);
    UpdatePage.write(folder.resolve("updates.md"), extent);
    PickPage page = new PickPage();
    page.addPicks(1, run("pick$", 1, extent));
    page.addPicks(2, run("pick$", 2, extent));
    page.addTraces(run("pickAndTrace$", 1, extent));
    Files.writeString(folder.resolve("picks.md"), page.render());
  }

  private static Collection<RunResult> run(String benchmark, int threads, Extent extent)
      throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options
        .include("PickBenchmark." + benchmark)
        .param("endpoints", extent.endpoints().toArray(new String[0]))
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
