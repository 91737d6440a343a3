package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryPolicyTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Set<Code> UNAVAILABLE = Set.of(Code.UNAVAILABLE);

  @Test
  void toServiceConfig_always_isWhatGrpcReads() {
    RetryPolicy policy =
        new RetryPolicy(
            3,
            Duration.ofMillis(1500),
            Duration.ofSeconds(20),
            1.5,
            Set.of(Code.UNAVAILABLE, Code.ABORTED));

    assertThat(policy.toServiceConfig())
        .isEqualTo(
            Map.of(
                "maxAttempts",
                3.0,
                "initialBackoff",
                "1.500000000s",
                "maxBackoff",
                "20.000000000s",
                "backoffMultiplier",
                1.5,
                "retryableStatusCodes",
                List.of("ABORTED", "UNAVAILABLE")));
  }

  @Test
  void toServiceConfig_localeWithDigitsOfItsOwn_isTheSame() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));

      assertThat(RetryPolicy.onUnavailable(3).toServiceConfig())
          .containsEntry("initialBackoff", "0.050000000s");
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 6})
  void new_attemptsOutOfRange_areRefused(int attempts) {
    assertThatThrownBy(() -> RetryPolicy.onUnavailable(attempts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxAttempts: " + attempts + " (expected: 2..5)");
  }

  @Test
  void new_noBackoff_isRefused() {
    assertThatThrownBy(() -> new RetryPolicy(2, Duration.ZERO, SECOND, 1, UNAVAILABLE))
        .hasMessage("initialBackoff: PT0S (expected: longer than zero)");
    assertThatThrownBy(() -> new RetryPolicy(2, SECOND, Duration.ofNanos(-1), 1, UNAVAILABLE))
        .hasMessageStartingWith("maxBackoff: ");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN})
  void new_badMultiplier_isRefused(double multiplier) {
    assertThatThrownBy(() -> new RetryPolicy(2, SECOND, SECOND, multiplier, UNAVAILABLE))
        .hasMessage("backoffMultiplier: " + multiplier + " (expected: more than 0)");
  }

  @Test
  void new_noStatusOrOk_isRefused() {
    assertThatThrownBy(() -> new RetryPolicy(2, SECOND, SECOND, 1, Set.of()))
        .hasMessage("retryOn: [] (expected: at least one status, none of them OK)");
    assertThatThrownBy(() -> new RetryPolicy(2, SECOND, SECOND, 1, Set.of(Code.OK)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
