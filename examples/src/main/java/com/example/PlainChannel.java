package com.example;

import io.evenkeel.CallTracking;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.util.List;
import java.util.Map;

/** The same without the facade: gRPC's own builder, and the policy named in the service config. */
public final class PlainChannel {

  private PlainChannel() {}

  public static void main(String[] args) throws Exception {
    try (LocalServers servers = new LocalServers()) {
      ManagedChannel channel =
          Grpc.newChannelBuilder(servers.target(), InsecureChannelCredentials.create())
              .defaultServiceConfig(
                  Map.of("loadBalancingConfig", List.of(Map.of("evenkeel", Map.of()))))
              .intercept(CallTracking.interceptor())
              .build();
      for (int i = 0; i < 10; i++) {
        HealthGrpc.newBlockingStub(channel)
            .withWaitForReady()
            .check(HealthCheckRequest.getDefaultInstance());
      }
      channel.shutdown();
      System.out.println(servers.calls());
    }
  }
}
