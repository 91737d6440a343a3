package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LoadMemoryTest {
  private static final LoadHistory KNOWN = new LoadHistory(1e6, 5, 3);

  private final FakeClock clock = new FakeClock();
  private final LoadMemory memory = new LoadMemory(clock);

  @Test
  void recall_remembered_isKnownOnce() {
    memory.remember(key(1), KNOWN);

    assertThat(memory.recall(key(1))).isEqualTo(KNOWN);
    assertThat(memory.recall(key(1))).isEqualTo(LoadHistory.NONE);
    assertThat(memory.size()).isZero();
  }

  @Test
  void recall_sameAddressOfAnotherTarget_isUnknown() {
    memory.remember(key(1), KNOWN);

    assertThat(memory.recall(new LoadMemory.Key("other", 1))).isEqualTo(LoadHistory.NONE);
  }

  @Test
  void remember_nothingKnown_keepsNothing() {
    memory.remember(key(1), new LoadHistory(0, 0, 0));

    assertThat(memory.size()).isZero();
  }

  @Test
  void recall_tooLate_isForgotten() {
    memory.remember(key(1), KNOWN);
    clock.advance(LoadMemory.KEPT);

    assertThat(memory.recall(key(1))).isEqualTo(LoadHistory.NONE);
    assertThat(memory.size()).isZero();
  }

  @Test
  void size_nobodyReturns_fallsToNothing() {
    for (int i = 0; i < 100; i++) {
      memory.remember(key(i), KNOWN);
      clock.advance(Duration.ofSeconds(1));
    }
    clock.advance(LoadMemory.KEPT);

    assertThat(memory.size()).isZero();
  }

  @Test
  void remember_moreThanFit_forgetsTheOldest() {
    for (int i = 0; i <= LoadMemory.MAX_ENDPOINTS; i++) {
      memory.remember(key(i), KNOWN);
    }

    assertThat(memory.size()).isEqualTo(LoadMemory.MAX_ENDPOINTS);
    assertThat(memory.recall(key(0))).isEqualTo(LoadHistory.NONE);
    assertThat(memory.recall(key(LoadMemory.MAX_ENDPOINTS))).isEqualTo(KNOWN);
  }

  private static LoadMemory.Key key(int port) {
    return new LoadMemory.Key("fake:///service", port);
  }
}
