package com.example;

import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.balancer.PolicyCatalog;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.policy.PolicyFactory;
import io.evenkeel.policy.PolicyProvider;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.Map;

/** Two policies of a user's own: one that the class path brings, and one registered by code. */
public final class OwnPolicy {

  private OwnPolicy() {}

  public static void main(String[] args) throws Exception {
    // Found by its name in META-INF/services/io.evenkeel.policy.PolicyProvider.
    call("same_zone", Map.of("zone", "right"));

    // Must happen before the first channel that names it is built.
    PolicyCatalog.register(new LastPolicyProvider());
    call("last", Map.of());
  }

  private static void call(String policy, Map<String, ?> settings) throws Exception {
    try (LocalServers servers = new LocalServers()) {
      EvenkeelChannel channel =
          Evenkeel.channel(servers.target()).plaintext().policy(policy, settings).build();
      channel.awaitReady(2, Duration.ofSeconds(5));
      for (int i = 0; i < 10; i++) {
        HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance());
      }
      channel.shutdown();
      System.out.println(policy + ": " + servers.calls());
    }
  }

  /** {@code last}: always the last endpoint of the list. */
  private static final class LastPolicyProvider implements PolicyProvider {
    @Override
    public String name() {
      return "last";
    }

    @Override
    public PolicyFactory configure(ConfigReader config) {
      return context -> rotation -> call -> rotation.get(rotation.size() - 1);
    }
  }
}
