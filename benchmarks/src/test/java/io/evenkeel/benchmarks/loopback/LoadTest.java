package io.evenkeel.benchmarks.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadTest {

  @Test
  void run_serversAnswer_countsTheirAnswers() throws Exception {
    try (EchoServers servers = new EchoServers(CallThreads.DIRECT)) {
      ManagedChannel channel =
          Route.EVENKEEL_ROUND_ROBIN.open(servers.addresses(), CallThreads.DIRECT);

      Sample sample = Load.run(channel, 4, Duration.ofMillis(300));

      channel.shutdownNow();
      assertThat(sample.callsPerSecond()).isPositive();
      assertThat(sample.p99Micros()).isGreaterThanOrEqualTo(sample.p50Micros());
    }
  }

  @Test
  void run_nobodyListens_throwsInsteadOfCountingFailures() throws Exception {
    List<String> addresses;
    try (EchoServers servers = new EchoServers(CallThreads.DEFAULT)) {
      addresses = servers.addresses();
    }
    ManagedChannel channel = Route.GRPC_ROUND_ROBIN.open(addresses, CallThreads.DEFAULT);

    assertThatThrownBy(() -> Load.run(channel, 1, Duration.ofMillis(300)))
        .hasMessage("a call failed");

    channel.shutdownNow();
  }
}
