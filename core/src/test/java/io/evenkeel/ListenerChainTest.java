package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ListenerChainTest {
  private static final Endpoint ENDPOINT =
      Endpoint.of(InetSocketAddress.createUnresolved("orders", 8080));

  private final List<String> heard = new ArrayList<>();

  @Test
  void events_all_reachBothInOrder() {
    ListenerChain chain = new ListenerChain(new Named("first"), new Named("second"));

    chain.onFound(ENDPOINT);
    chain.onReady(ENDPOINT);
    chain.onLost(ENDPOINT, Status.UNAVAILABLE);
    chain.onRemoved(ENDPOINT);
    chain.onPolicySwitched("random");
    chain.onState(new BalancerState(0, 0, 0, 0, ""));

    assertThat(heard)
        .containsExactly(
            "first found",
            "second found",
            "first ready",
            "second ready",
            "first lost",
            "second lost",
            "first removed",
            "second removed",
            "first switched",
            "second switched",
            "first state",
            "second state");
  }

  @Test
  void events_firstThrows_reachTheSecond() {
    BalancerListener throwing =
        new BalancerListener() {
          @Override
          public void onFound(Endpoint endpoint) {
            throw new IllegalStateException("first");
          }
        };

    assertThatThrownBy(() -> new ListenerChain(throwing, new Named("second")).onFound(ENDPOINT))
        .hasMessage("first");

    assertThat(heard).containsExactly("second found");
  }

  private final class Named implements BalancerListener {
    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    public void onFound(Endpoint endpoint) {
      heard.add(name + " found");
    }

    @Override
    public void onReady(Endpoint endpoint) {
      heard.add(name + " ready");
    }

    @Override
    public void onLost(Endpoint endpoint, Status reason) {
      heard.add(name + " lost");
    }

    @Override
    public void onRemoved(Endpoint endpoint) {
      heard.add(name + " removed");
    }

    @Override
    public void onPolicySwitched(String policy) {
      heard.add(name + " switched");
    }

    @Override
    public void onState(BalancerState state) {
      heard.add(name + " state");
    }
  }
}
