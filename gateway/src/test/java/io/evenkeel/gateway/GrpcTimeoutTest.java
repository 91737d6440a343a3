package io.evenkeel.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcTimeoutTest {

  @ParameterizedTest
  @CsvSource({
    "1H, 3600000000000",
    "2M, 120000000000",
    "3S, 3000000000",
    "4m, 4000000",
    "5u, 5000",
    "6n, 6",
    "0S, 0",
    "99999999H, 9223372036854775807",
  })
  void parse_amountAndUnit_areNanoseconds(String value, long nanos) {
    assertThat(GrpcTimeout.parseNanos(value)).isEqualTo(nanos);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "S", "5", "5s", "-1S", "1.5S", "123456789S", "٣S"})
  void parse_malformed_isInvalidArgument(String value) {
    assertThatThrownBy(() -> GrpcTimeout.parseNanos(value))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("INVALID_ARGUMENT: header grpc-timeout");
  }
}
