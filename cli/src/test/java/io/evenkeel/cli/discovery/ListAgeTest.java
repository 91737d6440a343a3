package io.evenkeel.cli.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.SourceSnapshot;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListAgeTest {

  @Test
  void toString_confirmed_saysWhen() {
    ListAge age = new ListAge(3, source(false, "", 0));

    assertThat(age).hasToString("= 3 endpoints, confirmed 1.5 s ago");
  }

  @Test
  void toString_stale_saysWhy() {
    ListAge age = new ListAge(1, source(false, "registry is down", 0));

    assertThat(age).hasToString("= 1 endpoint, confirmed 1.5 s ago; registry is down");
  }

  @Test
  void toString_fallbackAndHeld_saysSo() {
    ListAge age = new ListAge(4, source(true, "", 3));

    assertThat(age)
        .hasToString(
            "= 4 endpoints of the fallback file:///x, confirmed 1.5 s ago,"
                + " 3 of them held until another look");
  }

  @Test
  void json_stale_hasTheAgeInSeconds() {
    ListAge age = new ListAge(1, source(false, "registry is down", 0));

    assertThat(age.json())
        .containsEntry("event", "list")
        .containsEntry("age", 1.5)
        .containsEntry("stale", true);
  }

  private static SourceSnapshot source(boolean fallback, String problem, int held) {
    return new SourceSnapshot(
        "file:///x", fallback, Optional.of(Duration.ofMillis(1500)), problem, 0, held, 0);
  }
}
