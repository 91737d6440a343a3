package io.evenkeel.benchmarks.loopback;

import io.evenkeel.Evenkeel;
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
    return open("fixed:///" + String.join(",", addresses), threads::apply);
  }

  /** A channel to {@code target}, with further {@code settings}. */
  ManagedChannel open(String target, Consumer<ManagedChannelBuilder<?>> settings) {
    return switch (this) {
      case EVENKEEL_ROUND_ROBIN -> evenkeel(target, "round_robin", settings);
      case EVENKEEL_LEAST_REQUEST -> evenkeel(target, "least_request", settings);
      case GRPC_ROUND_ROBIN -> plain(target, "round_robin", settings);
      case NGINX, HAPROXY -> plain(target, "pick_first", settings);
    };
  }

  private static ManagedChannel evenkeel(
      String target, String policy, Consumer<ManagedChannelBuilder<?>> settings) {
    return Evenkeel.channel(target).plaintext().policy(policy).customize(settings).build();
  }

  private static ManagedChannel plain(
      String target, String policy, Consumer<ManagedChannelBuilder<?>> settings) {
    ManagedChannelBuilder<?> builder =
        Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
            .defaultLoadBalancingPolicy(policy);
    settings.accept(builder);
    return builder.build();
  }
}
