package com.example;

import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.RetryPolicy;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;

/** One balanced call: to the target given as argument, or to servers of this process. */
public final class FirstCall {

  private FirstCall() {}

  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      call(args[0]);
      return;
    }
    try (LocalServers servers = new LocalServers()) {
      call(servers.target());
    }
  }

  private static void call(String target) throws Exception {
    // The README shows the lines from here …
    EvenkeelChannel channel =
        Evenkeel.channel(target) // such as "fixed:///10.0.0.1:8080,10.0.0.2:8080"
            .plaintext()
            .retries(RetryPolicy.onUnavailable(3))
            .defaultDeadline(Duration.ofSeconds(2))
            .build();
    channel.awaitReady(1, Duration.ofSeconds(5));
    var health = HealthGrpc.newBlockingStub(channel);
    System.out.println(health.check(HealthCheckRequest.getDefaultInstance()).getStatus());
    channel.shutdown();
    // … to here.
  }
}
