package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.BalancerListener;
import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service config changes while calls run. */
class LiveConfigTest {
  private static final int CALLS_PER_SECOND = 300;

  @Test
  void policy_switchedUnderLoad_noCallFails(@TempDir Path folder) throws Exception {
    BlockingQueue<String> switched = new LinkedBlockingQueue<>();
    BalancerListener listener =
        new BalancerListener() {
          @Override
          public void onPolicySwitched(String policy) {
            switched.add(policy);
          }
        };
    try (CommandProcess one = CommandProcess.start("serve", "order");
        CommandProcess two = CommandProcess.start("serve", "order")) {
      Path list = folder.resolve("orders.json");
      List<String> addresses = List.of(Cluster.addressOf(one), Cluster.addressOf(two));
      write(list, addresses, "round_robin");
      EvenkeelChannel channel =
          Evenkeel.channel(list.toUri().toString()).plaintext().listener(listener).build();
      channel.awaitReady(2, Duration.ofSeconds(30));
      try (OrderLoad load = OrderLoad.start(channel, CALLS_PER_SECOND, Duration.ofSeconds(5))) {
        for (String policy :
            List.of(
                "round_robin", "least_request", "weighted_round_robin", "random", "round_robin")) {
          write(list, addresses, policy);
          assertThat(switched.poll(30, TimeUnit.SECONDS)).isEqualTo(policy);
          load.awaitCalls(CALLS_PER_SECOND / 3);
        }
        load.stop();

        assertThat(load.failures()).isEmpty();
      } finally {
        channel.shutdownNow();
      }
    }
  }

  /** Replaces the list in one step, as an operator's tool should. */
  private static void write(Path list, List<String> addresses, String policy) throws IOException {
    Path next = list.resolveSibling("next");
    Files.writeString(
        next,
        """
        {"endpoints": ["%s", "%s"],
         "serviceConfig": {"loadBalancingConfig": [{"evenkeel": {"policy": {"%s": {}}}}]}}
        """
            .formatted(addresses.get(0), addresses.get(1), policy));
    Files.move(next, list, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
