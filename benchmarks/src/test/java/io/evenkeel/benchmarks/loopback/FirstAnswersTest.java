package io.evenkeel.benchmarks.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FirstAnswersTest {

  @Test
  void parse_itsOwnLine_isTheSame() {
    FirstAnswers answers = new FirstAnswers(120.5, 2_000, Double.NaN, 9_998, 3);

    assertThat(FirstAnswers.parse(answers.toLine())).isEqualTo(answers);
  }
}
