package io.evenkeel.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Turns turns = new Turns(1);
  private final List<String> begun = new ArrayList<>();
  private final Step first = new Step("first", begun);
  private final Step second = new Step("second", begun);
  private final Step third = new Step("third", begun);

  @Test
  void take_noneLeft_waitsInOrder() {
    turns.take(first);
    turns.take(second);
    turns.take(third);

    assertThat(begun).containsExactly("first");
    turns.giveBack();
    turns.giveBack();
    assertThat(begun).containsExactly("first", "second", "third");
  }

  @Test
  void leave_whileItWaits_letsTheNextGoOn() {
    turns.take(first);
    turns.take(second);
    turns.take(third);

    turns.leave(second);
    turns.giveBack();

    assertThat(begun).containsExactly("first", "third");
  }

  @Test
  void tryTake_noneLeft_doesNotWait() {
    assertThat(turns.tryTake()).isTrue();
    assertThat(turns.tryTake()).isFalse();

    turns.giveBack();

    assertThat(turns.tryTake()).isTrue();
  }

  private record Step(String name, List<String> begun) implements Runnable {
    @Override
    public void run() {
      begun.add(name);
    }
  }
}
