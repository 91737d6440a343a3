package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BalancerStateTest {

  @Test
  void toString_everyState_isInWords() {
    BalancerState state = new BalancerState(5, 4, 3, 2, 1, "127.0.0.1:8080: refused");

    assertThat(state)
        .hasToString(
            "15 endpoints (5 ready, 4 connecting, 3 unhealthy, 2 ejected, 1 failed): "
                + "127.0.0.1:8080: refused");
  }

  @Test
  void toString_one_isSingular() {
    assertThat(new BalancerState(1, 0, 0, 0, 0, "")).hasToString("1 endpoint (1 ready)");
  }

  @Test
  void toString_none_saysSo() {
    assertThat(new BalancerState(0, 0, 0, 0, 0, "")).hasToString("0 endpoints");
  }

  @Test
  void total_always_isTheSum() {
    assertThat(new BalancerState(5, 4, 3, 2, 1, "").total()).isEqualTo(15);
  }
}
