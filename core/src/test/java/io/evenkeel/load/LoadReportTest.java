package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LoadReportTest {

  @ParameterizedTest
  @CsvSource({
    // calls/s, errors/s, processors, application, penalty, weight
    "100, 0, 0.5, 0, 1, 200",
    "100, 0, 0.2, 0.8, 1, 125",
    "100, 10, 0.5, 0, 1, 166.66667",
    "100, 10, 0.5, 0, 2, 142.85714",
    "100, 10, 0.5, 0, 0, 200",
    "100, 0, 1.6, 0, 1, 62.5",
    "0, 0, 0.5, 0, 1, 0",
    "100, 0, 0, 0, 1, 0",
    "100, -1, 0.5, 0, 1, 200",
    "-5, 0, 0.5, 0, 1, 0",
    "NaN, 0, 0.5, 0, 1, 0",
    "100, 0, NaN, 0, 1, 0",
    "Infinity, 0, 0.5, 0, 1, 0",
    "100, 0, 4.9E-324, 0, 1, 0"
  })
  void weight_isCallsPerUtilizationLessErrors(
      double calls,
      double errors,
      double processors,
      double application,
      double penalty,
      double weight)
      throws IOException {
    LoadReport report = LoadReport.decode(Reports.report(calls, errors, processors, application));

    assertThat(report.weight(penalty)).isCloseTo(weight, within(1e-4));
  }

  @Test
  void decode_nothing_weighsNothing() throws IOException {
    assertThat(LoadReport.decode(new byte[0]).weight(1)).isZero();
  }

  @Test
  void decode_cutOff_throws() {
    assertThatThrownBy(() -> LoadReport.decode(new byte[] {9, 1, 2}))
        .isInstanceOf(IOException.class);
  }
}
