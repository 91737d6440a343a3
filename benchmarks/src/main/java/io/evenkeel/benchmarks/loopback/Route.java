package io.evenkeel.benchmarks.loopback;

import io.evenkeel.Evenkeel;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The way of a call to one of the servers. */
enum Route {
  EVENKEEL_ROUND_ROBIN("Evenkeel `round_robin`"),
  EVENKEEL_LEAST_REQUEST("Evenkeel `least_request`"),
  GRPC_ROUND_ROBIN("grpc-java `round_robin`"),
  NGINX("nginx `grpc_pass`"),
  HAPROXY("haproxy `proto h2`");

  private final String display;

  Route(String display) {
    this.display = display;
  }

  String display() {
    return display;
  }

  /** The proxy that it leads through; empty when the client balances. */
  Optional<Proxy> proxy() {
    return switch (this) {
      case NGINX -> Optional.of(Proxy.NGINX);
      case HAPROXY -> Optional.of(Proxy.HAPROXY);
      default -> Optional.empty();
    };
  }

  boolean isOurs() {
    return this == EVENKEEL_ROUND_ROBIN || this == EVENKEEL_LEAST_REQUEST;
  }

  /** A channel to {@code addresses}: those of the servers, or the one of the proxy. */
  ManagedChannel open(List<String> addresses, CallThreads threads) {
    return open(
        "fixed:///" + String.join(",", addresses),
        InsecureChannelCredentials.create(),
        threads::apply);
  }

  /** A channel to {@code target}, with further {@code settings}. */
  ManagedChannel open(
      String target, ChannelCredentials credentials, Consumer<ManagedChannelBuilder<?>> settings) {
    if (isOurs()) {
      return Evenkeel.channel(target)
          .credentials(credentials)
          .policy(policy())
          .customize(settings)
          .build();
    }
    ManagedChannelBuilder<?> builder =
        Grpc.newChannelBuilder(target, credentials).defaultLoadBalancingPolicy(policy());
    settings.accept(builder);
    return builder.build();
  }

  private String policy() {
    return switch (this) {
      case EVENKEEL_ROUND_ROBIN, GRPC_ROUND_ROBIN -> "round_robin";
      case EVENKEEL_LEAST_REQUEST -> "least_request";
      case NGINX, HAPROXY -> "pick_first";
    };
  }
}
