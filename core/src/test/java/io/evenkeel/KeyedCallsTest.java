package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.EchoServer;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that say where they belong, over real sockets. */
final class KeyedCallsTest {
  private static final Metadata.Key<String> USER =
      Metadata.Key.of("x-user-id", Metadata.ASCII_STRING_MARSHALLER);

  private final List<EchoServer> servers = new ArrayList<>();
  private final List<EvenkeelChannel> channels = new ArrayList<>();

  @BeforeEach
  void startServers() {
    for (int i = 0; i < 4; i++) {
      servers.add(EchoServer.netty());
    }
  }

  @AfterEach
  void stopAll() {
    channels.forEach(Channels::close);
    servers.forEach(EchoServer::close);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ring_hash", "maglev", "rendezvous"})
  void call_sameUserOnTwoClients_meetsTheSameServer(String policy) throws Exception {
    EvenkeelChannel one = open(policy);
    EvenkeelChannel other = open(policy);
    Set<String> served = new HashSet<>();

    for (int user = 0; user < 50; user++) {
      String name = "user-" + user;
      String server = Echo.call(withHeader(one, name));
      served.add(server);
      assertThat(Echo.call(withHeader(one, name))).isEqualTo(server);
      assertThat(Echo.call(withHeader(other, name))).isEqualTo(server);
      assertThat(Echo.call(other, CallOptions.DEFAULT.withOption(CallKeys.HASH_KEY, name)))
          .isEqualTo(server);
    }

    assertThat(served).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ring_hash", "maglev", "rendezvous"})
  void call_serverOfASessionDies_movesToAnother(String policy) throws Exception {
    EvenkeelChannel channel = open(policy);
    CallOptions session = CallOptions.DEFAULT.withOption(CallKeys.AFFINITY, new Affinity());
    String first = Echo.call(channel, session);
    assertThat(Echo.call(channel, session)).isEqualTo(first);

    servers.stream().filter(server -> server.name().equals(first)).forEach(EchoServer::close);

    Set<String> meanwhile = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      meanwhile.add(Echo.call(channel, session.withWaitForReady()));
    }
    // One until the next rotation, and the one where the session settles then.
    assertThat(meanwhile).doesNotContain(first).hasSizeLessThanOrEqualTo(2);
  }

  private EvenkeelChannel open(String policy) throws Exception {
    String target =
        servers.stream()
            .map(server -> "127.0.0.1:" + server.port())
            .collect(Collectors.joining(",", "fixed:///", ""));
    EvenkeelChannel channel =
        Evenkeel.channel(target)
            .policy(policy, Map.of("header", "x-user-id"))
            .retries(RetryPolicy.onUnavailable(3))
            .plaintext()
            .build();
    channels.add(channel);
    channel.awaitReady(4, Duration.ofSeconds(20));
    return channel;
  }

  private static Channel withHeader(Channel channel, String user) {
    Metadata headers = new Metadata();
    headers.put(USER, user);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }
}
