package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ConnectivityState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BracketedTargetTest {

  @Test
  void channel_ipv6InBrackets_isFound() throws Exception {
    CompletableFuture<Endpoint> found = new CompletableFuture<>();
    BalancerListener listener =
        new BalancerListener() {
          @Override
          public void onFound(Endpoint endpoint) {
            found.complete(endpoint);
          }
        };
    EvenkeelChannel channel =
        Evenkeel.channel("fixed:///[::1]:1").plaintext().listener(listener).build();
    try {
      ConnectivityState unused = channel.getState(true);

      assertThat(found.get(30, TimeUnit.SECONDS).displayAddress()).isEqualTo("[0:0:0:0:0:0:0:1]:1");
    } finally {
      channel.shutdownNow();
    }
  }
}
