package io.evenkeel.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.BalancerView;
import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.EchoServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A listener of the process is found by its services file, beside one that cannot be loaded. */
final class OwnListenerTest {

  @Test
  void listener_onTheClassPath_hearsEveryBalancerStartAndEnd() throws Exception {
    try (EchoServer server = EchoServer.netty()) {
      EvenkeelChannel channel =
          Evenkeel.channel("fixed:///127.0.0.1:" + server.port()).plaintext().build();
      channel.awaitReady(1, Duration.ofSeconds(20));
      BalancerView balancer = channel.balancer().orElseThrow();
      assertThat(CountingListenerProvider.knows(balancer)).isTrue();

      Channels.close(channel);

      assertThat(CountingListenerProvider.knows(balancer)).isFalse();
    }
  }
}
