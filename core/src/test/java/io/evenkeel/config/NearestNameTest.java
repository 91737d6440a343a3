package io.evenkeel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearestNameTest {
  private static final List<String> POLICIES =
      List.of("least_request", "random", "round_robin", "weighted_round_robin");

  @Test
  void hint_lettersSwapped_namesTheNearest() {
    assertThat(NearestName.hint("roundrobin", POLICIES))
        .isEqualTo("(did you mean \"round_robin\"?)");
  }

  @Test
  void hint_otherCase_namesTheNearest() {
    assertThat(NearestName.hint("LEAST_REQUEST", POLICIES))
        .isEqualTo("(did you mean \"least_request\"?)");
  }

  @Test
  void hint_nothingLikeIt_listsAll() {
    assertThat(NearestName.hint("xyz", POLICIES))
        .isEqualTo("(expected one of: least_request, random, round_robin, weighted_round_robin)");
  }

  @Test
  void hint_empty_listsAll() {
    assertThat(NearestName.hint("", POLICIES)).startsWith("(expected one of: ");
  }

  @Test
  void hint_oneLetterNames_allowOneError() {
    assertThat(NearestName.hint("b", List.of("a"))).isEqualTo("(did you mean \"a\"?)");
  }

  @Test
  void hint_nothingValid_saysSo() {
    assertThat(NearestName.hint("any", List.of())).isEqualTo("(expected: no field at all)");
  }
}
