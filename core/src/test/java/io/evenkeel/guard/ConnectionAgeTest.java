package io.evenkeel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.BalancerListener;
import io.evenkeel.Endpoint;
import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.Eventually;
import io.evenkeel.fixture.PacedCalls;
import io.evenkeel.fixture.StateKeeper;
import io.evenkeel.fixture.TestDiscovery;
import io.grpc.EquivalentAddressGroup;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Connections over the network that may not become older than a second, under load. */
final class ConnectionAgeTest {
  private static final Map<String, ?> ONE_SECOND =
      Map.of("connections", Map.of("maxAge", "1s", "maxPerEndpoint", 1));

  private static final int PER_SECOND = 200;
  private static final int LIVES = 4;
  private static final int ANY_STREAMS = 1_000;

  @Test
  void maxAge_underLoad_replacesEachOverAndOverAndFailsNoCall() {
    List<TrackedServer> servers =
        Stream.generate(() -> new TrackedServer(ANY_STREAMS)).limit(3).toList();
    Replacements replacements = new Replacements();
    EvenkeelChannel channel =
        connect(servers.stream().map(each -> endpoint(each)).toList(), replacements);

    try (PacedCalls calls = new PacedCalls(channel, PER_SECOND)) {
      for (TrackedServer server : servers) {
        Eventually.await("connections are replaced", () -> server.connections() >= LIVES);
      }
      calls.finish();

      assertThat(calls.failures()).isEmpty();
      assertThat(replacements.connections).containsOnly(1);
    } finally {
      Channels.close(channel);
      servers.forEach(TrackedServer::close);
    }
  }

  @Test
  void maxAge_endpointOfSeveralAddresses_isReplacedToo() {
    TrackedServer first = new TrackedServer(ANY_STREAMS);
    TrackedServer second = new TrackedServer(ANY_STREAMS);
    EvenkeelChannel channel = connect(List.of(endpoint(first, second)), new Replacements());

    try (PacedCalls calls = new PacedCalls(channel, PER_SECOND)) {
      Eventually.await("the connection is replaced", () -> first.connections() >= LIVES);
      calls.finish();

      assertThat(calls.failures()).isEmpty();
    } finally {
      Channels.close(channel);
      first.close();
      second.close();
    }
  }

  private static EvenkeelChannel connect(
      List<EquivalentAddressGroup> endpoints, Replacements replacements) {
    StateKeeper state = new StateKeeper();
    EvenkeelChannel channel =
        Evenkeel.channel(TestDiscovery.inet().groups(endpoints).target())
            .plaintext()
            .serviceConfig(Channels.serviceConfig(ONE_SECOND, Map.of()))
            .listener(replacements)
            .listener(state)
            .build();
    channel.getState(true);
    state.await("all are ready", seen -> seen.ready() == endpoints.size());
    return channel;
  }

  private static EquivalentAddressGroup endpoint(TrackedServer... servers) {
    return Endpoint.of(Stream.of(servers).map(TrackedServer::address).toList()).toAddressGroup();
  }

  /** How many connections endpoints had each time that one was replaced. */
  private static final class Replacements implements BalancerListener {
    private final List<Integer> connections = new CopyOnWriteArrayList<>();

    @Override
    public void onConnections(Endpoint endpoint, int connections) {
      this.connections.add(connections);
    }
  }
}
