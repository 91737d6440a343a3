package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
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
      double weight) {
    LoadReport report = new LoadReport(calls, errors, processors, application);

    assertThat(report.weight(penalty)).isCloseTo(weight, within(1e-4));
  }

  @Test
  void decode_nothing_weighsNothing() throws IOException {
    assertThat(LoadReport.decode(new byte[0]).weight(1)).isZero();
  }

  @Test
  void encode_always_isReadBackAlike() throws IOException {
    LoadReport report = new LoadReport(123.5, 0.25, 0.75, 0.5);

    assertThat(LoadReport.decode(report.encode())).isEqualTo(report);
  }

  /** Field numbers and types are those of xds/data/orca/v3/orca_load_report.proto. */
  @Test
  void encode_always_isProtobuf() throws IOException {
    UnknownFieldSet fields =
        UnknownFieldSet.parseFrom(new LoadReport(123.5, 0.25, 0.75, 0.5).encode());

    assertThat(fields.asMap().keySet()).containsExactlyInAnyOrder(1, 6, 7, 9);
    assertThat(fields.getField(1).getFixed64List()).containsExactly(Double.doubleToLongBits(0.75));
    assertThat(fields.getField(6).getFixed64List()).containsExactly(Double.doubleToLongBits(123.5));
    assertThat(fields.getField(7).getFixed64List()).containsExactly(Double.doubleToLongBits(0.25));
    assertThat(fields.getField(9).getFixed64List()).containsExactly(Double.doubleToLongBits(0.5));
  }

  @Test
  void encode_nothingKnown_isEmpty() {
    assertThat(new LoadReport(0, 0, 0, 0).encode()).isEmpty();
  }

  @Test
  void decode_unknownFields_areLeftOut() throws IOException {
    LoadReport report = new LoadReport(1, 2, 3, 4);
    byte[] more =
        UnknownFieldSet.newBuilder()
            .mergeFrom(report.encode())
            .mergeField(8, Field.newBuilder().addLengthDelimited(ByteString.EMPTY).build())
            .mergeField(3, Field.newBuilder().addVarint(7).build())
            .build()
            .toByteArray();

    assertThat(LoadReport.decode(more)).isEqualTo(report);
  }

  @Test
  void decode_cutOff_throws() {
    assertThatThrownBy(() -> LoadReport.decode(new byte[] {9, 1, 2}))
        .isInstanceOf(IOException.class);
  }
}
