package io.evenkeel.gateway;

import io.grpc.Status;
import java.util.concurrent.TimeUnit;

/** The header {@code grpc-timeout}: up to eight digits and a unit, as gRPC over HTTP/2 has it. */
final class GrpcTimeout {
  static final String HEADER = "grpc-timeout";

  private static final int MAX_LENGTH = 9;

  private GrpcTimeout() {}

  /**
   * The timeout in nanoseconds.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if it is malformed
   */
  static long parseNanos(String value) {
    int unitAt = value.length() - 1;
    if (unitAt < 1 || value.length() > MAX_LENGTH) {
      throw malformed(value);
    }
    long amount = 0;
    for (int i = 0; i < unitAt; i++) {
      int digit = value.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw malformed(value);
      }
      amount = amount * 10 + digit;
    }
    return unit(value).toNanos(amount);
  }

  private static TimeUnit unit(String value) {
    return switch (value.charAt(value.length() - 1)) {
      case 'H' -> TimeUnit.HOURS;
      case 'M' -> TimeUnit.MINUTES;
      case 'S' -> TimeUnit.SECONDS;
      case 'm' -> TimeUnit.MILLISECONDS;
      case 'u' -> TimeUnit.MICROSECONDS;
      case 'n' -> TimeUnit.NANOSECONDS;
      default -> throw malformed(value);
    };
  }

  private static RuntimeException malformed(String value) {
    return Status.INVALID_ARGUMENT
        .withDescription(
            "header %s: \"%s\" (expected: 1 to 8 digits and one of H, M, S, m, u, n)"
                .formatted(HEADER, Text.shortened(value)))
        .asRuntimeException();
  }
}
