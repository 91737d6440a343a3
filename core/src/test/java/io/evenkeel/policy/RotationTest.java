package io.evenkeel.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RotationTest {

  @Test
  void new_noCandidate_isRefused() {
    assertThatThrownBy(() -> new Rotation(List.of(), new double[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one");
  }

  @Test
  void new_aWeightMissing_isRefused() {
    List<Candidate> two = List.of(TestCandidate.number(0), TestCandidate.number(1));

    assertThatThrownBy(() -> new Rotation(two, new double[] {1}))
        .hasMessageStartingWith("2 candidates and 1 weights");
  }

  @Test
  void weight_arrayChangedLater_stays() {
    double[] weights = {1, 2};
    Rotation rotation =
        new Rotation(List.of(TestCandidate.number(0), TestCandidate.number(1)), weights);

    weights[1] = 5;

    assertThat(rotation.weight(1)).isEqualTo(2);
  }

  @Test
  void evenlyWeighted_tellsWhetherAllAreTheSame() {
    assertThat(TestCandidate.rotation(3, 3, 3).evenlyWeighted()).isTrue();
    assertThat(TestCandidate.rotation(3, 3, 4).evenlyWeighted()).isFalse();
  }
}
