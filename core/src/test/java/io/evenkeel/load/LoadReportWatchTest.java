package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.backoff.Retry;
import io.evenkeel.testkit.FakeClock;
import io.evenkeel.testkit.ScriptedRandom;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Everything runs on the test's own thread. */
final class LoadReportWatchTest {
  private final FakeClock clock = new FakeClock();
  private final SynchronizationContext syncContext =
      new SynchronizationContext(
          (thread, thrown) -> {
            throw new AssertionError(thrown);
          });
  private final ReportService service = new ReportService();
  private final EndpointLoad load = new EndpointLoad();
  private final ReportedLoad reported =
      load.takeReports(
          new ReportRules(
              clock, 1, 0, Duration.ofHours(1).toNanos(), ReportRules.Source.STREAM, () -> {}));
  private Server server;
  private ManagedChannel channel;
  private int unimplemented;

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void start_always_asksForTheInterval() throws Exception {
    start(service);

    assertThat(service.intervals()).containsExactly(Duration.ofMillis(2500));
  }

  @Test
  void start_onTheThreadOfACall_outlivesTheCall() throws Exception {
    Context.CancellableContext call = Context.current().withCancellation();
    call.call(() -> start(service));

    call.cancel(null);

    assertThat(service.open()).isEqualTo(1);
  }

  @Test
  void report_always_reachesTheLoad() throws Exception {
    start(service);

    service.report(Reports.ofWeight(200));
    service.report(Reports.ofWeight(300));

    assertThat(reported.weight(clock.getAsLong())).isEqualTo(300);
  }

  @Test
  void stream_breaks_isOpenedAgainAfterAGrowingWait() throws Exception {
    start(service);

    service.end(Status.UNAVAILABLE);
    assertThat(service.open()).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(service.open()).isEqualTo(1);

    service.end(Status.UNAVAILABLE);
    clock.advance(Duration.ofMillis(1599));
    assertThat(service.open()).isZero();
    clock.advance(Duration.ofMillis(1));
    assertThat(service.open()).isEqualTo(1);
  }

  @Test
  void stream_breaksAfterAReport_waitsOneSecondAgain() throws Exception {
    start(service);
    service.end(Status.UNAVAILABLE);
    clock.advance(Duration.ofSeconds(1));

    service.report(Reports.ofWeight(1));
    service.end(Status.UNAVAILABLE);
    clock.advance(Duration.ofSeconds(1));

    assertThat(service.open()).isEqualTo(1);
  }

  @Test
  void service_missing_isAskedOnce() throws Exception {
    start(null);

    assertThat(unimplemented).isEqualTo(1);
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void stop_openStream_endsIt() throws Exception {
    LoadReportWatch watch = start(service);

    syncContext.execute(watch::stop);
    syncContext.execute(watch::stop);

    assertThat(service.open()).isZero();
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void stop_whileItWaits_opensNoOther() throws Exception {
    LoadReportWatch watch = start(service);
    service.end(Status.UNAVAILABLE);

    syncContext.execute(watch::stop);

    assertThat(clock.waiting()).isZero();
  }

  private LoadReportWatch start(ReportService offered) throws Exception {
    String name = InProcessServerBuilder.generateName();
    InProcessServerBuilder builder = InProcessServerBuilder.forName(name).directExecutor();
    if (offered != null) {
      builder.addService(offered);
    }
    server = builder.build().start();
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    LoadReportWatch watch =
        new LoadReportWatch(
            channel,
            Duration.ofMillis(2500),
            load,
            new LoadReportWatch.Surroundings(
                new Retry.Timing(syncContext, clock, ScriptedRandom.of(0)), () -> unimplemented++));
    syncContext.execute(watch::start);
    return watch;
  }
}
