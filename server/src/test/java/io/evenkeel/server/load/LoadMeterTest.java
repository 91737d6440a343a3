package io.evenkeel.server.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.load.LoadReport;
import io.evenkeel.load.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LoadMeterTest {
  private final ScriptedMachine machine = new ScriptedMachine();

  @Test
  void report_firstSecond_saysNothing() {
    LoadMeter meter = meter(() -> 0.5);
    count(meter, 100, Outcome.ANSWERED);

    machine.advance(Duration.ofMillis(999));

    assertThat(meter.report()).isEmpty();
  }

  @Test
  void report_afterASecond_hasTheRatesOfThatSecond() throws IOException {
    LoadMeter meter = meter(() -> 0.3);
    count(meter, 80, Outcome.ANSWERED);
    count(meter, 20, Outcome.FAILED);
    machine.busy(Duration.ofMillis(500));

    machine.advance(Duration.ofSeconds(1));

    // Half a second of two processors' second.
    assertThat(LoadReport.decode(meter.report())).isEqualTo(new LoadReport(100, 20, 0.25, 0.3));
  }

  @Test
  void report_sameSecond_isNotMadeAnew() {
    LoadMeter meter = meter(() -> 0.5);
    machine.advance(Duration.ofSeconds(1));
    byte[] first = meter.report();
    count(meter, 100, Outcome.ANSWERED);

    machine.advance(Duration.ofMillis(999));

    assertThat(meter.report()).isSameAs(first);
  }

  @Test
  void report_steadyLoad_isTheSameAtAnyTime() throws IOException {
    LoadMeter meter = meter(() -> 0);

    for (int second = 0; second < 30; second++) {
      count(meter, 50, Outcome.ANSWERED);
      machine.busy(Duration.ofMillis(200));
      machine.advance(Duration.ofSeconds(1));

      LoadReport report = LoadReport.decode(meter.report());
      assertThat(report.callsPerSecond()).isCloseTo(50, within(1e-9));
      assertThat(report.processors()).isCloseTo(0.1, within(1e-9));
    }
  }

  @Test
  void report_loadHasEnded_fades() throws IOException {
    LoadMeter meter = meter(() -> 0);
    for (int second = 0; second < 60; second++) {
      count(meter, 100, Outcome.ANSWERED);
      machine.advance(Duration.ofSeconds(1));
      meter.report();
    }

    machine.advance(Duration.ofSeconds(5));
    double soon = LoadReport.decode(meter.report()).callsPerSecond();
    machine.advance(Duration.ofSeconds(30));
    double later = LoadReport.decode(meter.report()).callsPerSecond();

    assertThat(soon).isBetween(20.0, 40.0);
    assertThat(later).isLessThan(1);
  }

  @Test
  void report_callsThatTheServerIsNotToBlameFor_areNoErrors() throws IOException {
    LoadMeter meter = meter(() -> 0);
    count(meter, 1, Outcome.REJECTED);
    count(meter, 1, Outcome.ABANDONED);
    count(meter, 1, Outcome.LATE);

    machine.advance(Duration.ofSeconds(1));

    LoadReport report = LoadReport.decode(meter.report());
    assertThat(report.callsPerSecond()).isEqualTo(3);
    assertThat(report.errorsPerSecond()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void report_utilizationThatIsNone_isLeftOut(double stated) throws IOException {
    LoadMeter meter = meter(() -> stated);

    machine.advance(Duration.ofSeconds(1));

    assertThat(LoadReport.decode(meter.report()).application()).isZero();
  }

  @Test
  void report_utilizationThrows_isLeftOut() throws IOException {
    LoadMeter meter =
        meter(
            () -> {
              throw new IllegalStateException("told to throw");
            });
    count(meter, 7, Outcome.ANSWERED);

    machine.advance(Duration.ofSeconds(1));

    assertThat(LoadReport.decode(meter.report())).isEqualTo(new LoadReport(7, 0, 0, 0));
  }

  @Test
  void processorTime_ofThisProcess_grows() {
    ProcessorTime own = ProcessorTime.ofThisProcess();
    long before = own.busyNanos();

    while (own.busyNanos() == before) {
      Thread.onSpinWait();
    }

    assertThat(own.busyNanos()).isGreaterThan(before);
    assertThat(own.processors()).isPositive();
  }

  private static void count(LoadMeter meter, int calls, Outcome outcome) {
    for (int i = 0; i < calls; i++) {
      meter.count(outcome);
    }
  }

  private LoadMeter meter(DoubleSupplier utilization) {
    return new LoadMeter(machine::nanoTime, machine, utilization);
  }

  /** Two processors, which are busy as told. */
  private static final class ScriptedMachine implements ProcessorTime {
    private long now = 42;
    private long busy = 7_000_000_000L;

    void advance(Duration time) {
      now += time.toNanos();
    }

    void busy(Duration time) {
      busy += time.toNanos();
    }

    long nanoTime() {
      return now;
    }

    @Override
    public long busyNanos() {
      return busy;
    }

    @Override
    public int processors() {
      return 2;
    }
  }
}
