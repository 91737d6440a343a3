package io.evenkeel.cli.call;

import io.evenkeel.cli.console.Console;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Shows on a terminal how far a long run has come; short runs end before it appears. */
final class ProgressBar {
  private static final long FIRST_MILLIS = 2_000;
  private static final long INTERVAL_MILLIS = 250;
  private static final int WIDTH = 30;

  private final Console console;
  private final Load load;
  private final Summary summary;
  private final long startNanos = System.nanoTime();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "evenkeel-progress");
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean drawn;

  private ProgressBar(Console console, Load load, Summary summary) {
    this.console = console;
    this.load = load;
    this.summary = summary;
  }

  static ProgressBar start(Console console, Load load, Summary summary) {
    ProgressBar bar = new ProgressBar(console, load, summary);
    var unused =
        bar.timer.scheduleAtFixedRate(
            bar::draw, FIRST_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    return bar;
  }

  private void draw() {
    drawn = true;
    double done = load.progress(summary.calls(), System.nanoTime() - startNanos);
    int filled = (int) Math.round(done * WIDTH);
    console.overwrite(
        String.format(
            Locale.ROOT,
            "[%s%s] %3.0f %%  %d calls, %d failed",
            "=".repeat(filled),
            " ".repeat(WIDTH - filled),
            100 * done,
            summary.calls(),
            summary.failed()));
  }

  /** Removes the bar from the terminal. */
  void close() {
    timer.shutdown();
    try {
      timer.awaitTermination(INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (drawn) {
      console.overwrite("");
    }
  }
}
