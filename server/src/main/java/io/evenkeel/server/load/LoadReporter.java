package io.evenkeel.server.load;

import io.evenkeel.load.LoadReport;
import io.evenkeel.server.settings.LoadReports;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;

/**
 * Measures a server and reports its load: calls and errors per second, the part of the processors
 * that its process uses, and what the application says of itself.
 *
 * <p>Costs two additions and a reading of the clock per call. Thread-safe.
 *
 * @see <a href="https://github.com/grpc/proposal/blob/master/A51-custom-backend-metrics.md">gRFC
 *     A51</a>
 */
public final class LoadReporter implements AutoCloseable {
  private final LoadReports reports;
  private final LoadMeter meter;
  private final Predicate<String> counted;
  private final ScheduledThreadPoolExecutor timer = newTimer();

  /**
   * @param reports how to report
   * @param utilization how much of the server is in use by the application's own measure, from 0;
   *     asked once a second at most
   * @param counted which services' calls count
   */
  public LoadReporter(LoadReports reports, DoubleSupplier utilization, Predicate<String> counted) {
    this.reports = reports;
    this.meter = new LoadMeter(System::nanoTime, ProcessorTime.ofThisProcess(), utilization);
    this.counted = counted;
  }

  /** Counts the calls of a server; empty when nobody is told. */
  public Optional<ServerStreamTracer.Factory> counter() {
    return reports == LoadReports.OFF
        ? Optional.empty()
        : Optional.of(new CallCounter(meter, counted));
  }

  /** Adds a {@link LoadReport} to each call's trailers; empty when it is not to. */
  public Optional<ServerInterceptor> trailers() {
    return reports == LoadReports.TRAILERS || reports == LoadReports.BOTH
        ? Optional.of(new ReportingInterceptor(meter, counted))
        : Optional.empty();
  }

  /** Reports to whoever opens a stream; empty when it is not to. */
  public Optional<BindableService> stream() {
    return reports == LoadReports.STREAM || reports == LoadReports.BOTH
        ? Optional.of(new ReportService(meter, timer))
        : Optional.empty();
  }

  /** Reports on streams no more. Safe to call twice. */
  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** It has a thread as soon as it has a task. */
  private static ScheduledThreadPoolExecutor newTimer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "evenkeel-load-reports");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }
}
