package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.FakeClock;
import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Metadata;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ReportedLoadTest {
  private static final Duration BLACKOUT = Duration.ofSeconds(10);
  private static final Duration EXPIRATION = Duration.ofMinutes(3);

  private final FakeClock clock = new FakeClock();
  private final EndpointLoad load = new EndpointLoad();
  private int reports;
  private final ReportedLoad reported =
      load.takeReports(rules(ReportRules.Source.TRAILERS, () -> reports++));

  @Test
  void weight_inTheBlackout_isNone() {
    answer(Reports.ofWeight(200));
    clock.advance(BLACKOUT.minusNanos(1));

    assertThat(weight()).isZero();
    assertThat(reported.changesInNanos(clock.getAsLong())).isEqualTo(1);
  }

  @Test
  void weight_afterTheBlackout_isWhatWasReported() {
    answer(Reports.ofWeight(200));
    clock.advance(BLACKOUT);

    assertThat(weight()).isEqualTo(200);
    assertThat(reported.changesInNanos(clock.getAsLong()))
        .isEqualTo(EXPIRATION.minus(BLACKOUT).toNanos());
  }

  @Test
  void weight_laterReport_isTheNewest() {
    answer(Reports.ofWeight(200));
    clock.advance(BLACKOUT);
    answer(Reports.ofWeight(300));

    assertThat(weight()).isEqualTo(300);
    assertThat(reports).isEqualTo(2);
  }

  @Test
  void weight_lastReportTooOld_expiresAndBlacksOutAgain() {
    answer(Reports.ofWeight(200));
    clock.advance(EXPIRATION.minusNanos(1));
    assertThat(weight()).isEqualTo(200);

    clock.advance(Duration.ofNanos(1));
    assertThat(weight()).isZero();
    assertThat(reported.changesInNanos(clock.getAsLong())).isEqualTo(Long.MAX_VALUE);

    answer(Reports.ofWeight(200));
    clock.advance(BLACKOUT.minusNanos(1));
    assertThat(weight()).isZero();
    clock.advance(Duration.ofNanos(1));
    assertThat(weight()).isEqualTo(200);
  }

  @Test
  void weight_newConnection_blacksOutAgain() {
    answer(Reports.ofWeight(200));
    clock.advance(BLACKOUT);

    load.connectionLost();

    assertThat(weight()).isZero();
    answer(Reports.ofWeight(200));
    clock.advance(BLACKOUT.minusNanos(1));
    assertThat(weight()).isZero();
  }

  @Test
  void weight_reportThatSaysNothing_keepsTheLast() {
    answer(Reports.ofWeight(200));
    clock.advance(BLACKOUT);

    answer(new LoadReport(0, 0, 0, 0).encode());
    answer(new byte[] {9, 1});

    assertThat(weight()).isEqualTo(200);
    assertThat(reports).isEqualTo(1);
  }

  @Test
  void weight_reportsComeOnAStream_trailersDoNotCount() {
    ReportedLoad streamed = load.takeReports(rules(ReportRules.Source.STREAM, () -> {}));

    answer(Reports.ofWeight(200));
    clock.advance(BLACKOUT);
    assertThat(streamed.weight(clock.getAsLong())).isZero();

    load.onReport(Reports.ofWeight(300));
    clock.advance(BLACKOUT);
    assertThat(streamed.weight(clock.getAsLong())).isEqualTo(300);
  }

  @Test
  void inboundTrailers_nobodyAsks_isIgnored() {
    load.stopMeasuring();

    answer(Reports.ofWeight(200));

    assertThat(reports).isZero();
  }

  private void answer(byte[] report) {
    ClientStreamTracer tracer =
        load.newClientStreamTracer(StreamInfo.newBuilder().build(), new Metadata());
    tracer.streamCreated(Attributes.EMPTY, new Metadata());
    tracer.inboundTrailers(Reports.trailers(report));
  }

  private double weight() {
    return reported.weight(clock.getAsLong());
  }

  private ReportRules rules(ReportRules.Source source, Runnable onReport) {
    return new ReportRules(clock, 1, BLACKOUT.toNanos(), EXPIRATION.toNanos(), source, onReport);
  }
}
