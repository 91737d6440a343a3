package io.evenkeel.guard;

import io.evenkeel.BalancerListener;
import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.StateKeeper;
import io.evenkeel.fixture.TestDiscovery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Servers on the loopback interface, and a channel to them. */
final class Fleet implements AutoCloseable {
  private static final List<Map<String, ?>> EVERY_METHOD = List.of(Map.of());

  final TestDiscovery discovery;
  final EvenkeelChannel channel;
  final StateKeeper state = new StateKeeper();
  private final EchoServer[] servers;

  /** Balances by the {@code evenkeel} object; {@code methods} is what gRPC does with calls. */
  Fleet(
      Map<String, ?> evenkeel,
      Map<String, ?> methods,
      BalancerListener listener,
      EchoServer... servers) {
    this(TestDiscovery.inet(servers), config(evenkeel, methods), listener, servers);
  }

  Fleet(
      TestDiscovery discovery,
      Map<String, ?> serviceConfig,
      BalancerListener listener,
      EchoServer... servers) {
    this.discovery = discovery;
    this.servers = servers;
    channel =
        Evenkeel.channel(discovery.target())
            .plaintext()
            .serviceConfig(serviceConfig)
            .listener(listener)
            .listener(state)
            .build();
    channel.getState(true);
    state.await("all are ready", seen -> seen.ready() == servers.length);
  }

  static EchoServer[] servers(int count) {
    return Stream.generate(() -> EchoServer.netty()).limit(count).toArray(EchoServer[]::new);
  }

  /** A service config with {@code further} for every method. */
  static Map<String, ?> config(Map<String, ?> evenkeel, Map<String, ?> further) {
    Map<String, Object> method = new HashMap<>(further);
    method.put("name", EVERY_METHOD);
    return Channels.serviceConfig(evenkeel, Map.of("methodConfig", List.of(method)));
  }

  /** Up to {@code attempts}, one soon after the other. */
  static Map<String, ?> retries(double attempts) {
    return retries(attempts, List.of("UNAVAILABLE"));
  }

  /**
   * The same where servers are closed under load: one that is closed resets its calls, where one
   * that is killed would lose the connection.
   */
  static Map<String, ?> retriesOfLost(double attempts) {
    return retries(attempts, List.of("UNAVAILABLE", "CANCELLED"));
  }

  private static Map<String, ?> retries(double attempts, List<String> codes) {
    return Map.of(
        "retryPolicy",
        Map.of(
            "maxAttempts",
            attempts,
            "initialBackoff",
            "0.005s",
            "maxBackoff",
            "0.02s",
            "backoffMultiplier",
            2.0,
            "retryableStatusCodes",
            codes));
  }

  /** Up to {@code attempts}, each {@code delay} after the one before. */
  static Map<String, ?> hedges(double attempts, String delay) {
    return Map.of(
        "hedgingPolicy",
        Map.of(
            "maxAttempts",
            attempts,
            "hedgingDelay",
            delay,
            "nonFatalStatusCodes",
            List.of("UNAVAILABLE")));
  }

  /** How many attempts have reached the servers. */
  int attempts() {
    return Stream.of(servers).mapToInt(EchoServer::calls).sum();
  }

  /** How many of them were retries or hedges. */
  int furtherAttempts() {
    return Stream.of(servers).mapToInt(EchoServer::furtherCalls).sum();
  }

  /** Ends the channel; the servers go on. */
  void closeChannel() {
    Channels.close(channel);
  }

  @Override
  public void close() {
    closeChannel();
    Stream.of(servers).forEach(EchoServer::close);
  }
}
