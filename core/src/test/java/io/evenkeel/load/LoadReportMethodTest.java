package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LoadReportMethodTest {
  private static final Marshaller<Duration> REQUEST =
      LoadReportMethod.DESCRIPTOR.getRequestMarshaller();

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.1S", "PT2.5S", "PT1H"})
  void request_interval_isReadBackAlike(Duration interval) {
    assertThat(REQUEST.parse(REQUEST.stream(interval))).isEqualTo(interval);
  }

  @Test
  void request_noInterval_isZero() {
    assertThat(REQUEST.parse(new ByteArrayInputStream(new byte[0]))).isZero();
  }

  @ParameterizedTest
  @CsvSource({"-1, PT0S", "9223372036854775807, PT87660000H"})
  void request_intervalOutOfRange_isTheNearestInRange(long seconds, Duration read) {
    assertThat(REQUEST.parse(requestOf(seconds))).isEqualTo(read);
  }

  private static ByteArrayInputStream requestOf(long seconds) {
    ByteString interval =
        com.google.protobuf.Duration.newBuilder().setSeconds(seconds).build().toByteString();
    Field field = Field.newBuilder().addLengthDelimited(interval).build();
    Field names = Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8("cpu")).build();
    return new ByteArrayInputStream(
        UnknownFieldSet.newBuilder().addField(1, field).addField(2, names).build().toByteArray());
  }
}
