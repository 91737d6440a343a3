package io.evenkeel.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.EchoServer;
import io.evenkeel.fixture.Eventually;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the supervisor does, as calls over real sockets see it. */
class SupervisedChannelTest {
  @TempDir Path directory;

  private final List<EchoServer> servers = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();

  @AfterEach
  void stopAll() {
    channels.forEach(Channels::close);
    servers.forEach(EchoServer::close);
  }

  @Test
  void call_registryIsGone_servesFromTheLastList() throws Exception {
    EchoServer server = list(server());
    EvenkeelChannel channel = open("");
    Echo.call(channel);

    Files.delete(file());
    Eventually.await("it is stale", () -> source(channel).contains("stale"));

    assertThat(Echo.call(channel)).isEqualTo(server.name());
    assertThat(source(channel)).contains("does not exist");
  }

  @Test
  void call_listIsOlderThanMaxAge_failsAndSaysWhy() throws Exception {
    list(server());
    EvenkeelChannel channel = open("?maxAge=1s");
    Echo.call(channel);

    Files.delete(file());
    Eventually.await("calls fail", () -> fails(channel));

    assertThatThrownBy(() -> Echo.call(channel))
        .hasMessageContaining("the last list is older than maxAge=1s")
        .hasMessageContaining("does not exist");
  }

  @Test
  void call_waitsForReadyOverAnExpiredList_isServedByTheNext() throws Exception {
    list(server());
    EvenkeelChannel channel = open("?maxAge=1s");
    Echo.call(channel);
    Files.delete(file());
    Eventually.await("calls fail", () -> fails(channel));
    ExecutorService caller = Executors.newSingleThreadExecutor();
    Future<String> waiting =
        caller.submit(() -> Echo.call(channel, CallOptions.DEFAULT.withWaitForReady()));

    EchoServer next = list(server());

    assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(next.name());
    caller.shutdown();
  }

  @Test
  void call_registryIsDownAtTheStart_isServedByTheFallback() throws Exception {
    EchoServer spare = server();
    EvenkeelChannel channel = open("?fallback=fixed:///127.0.0.1:" + spare.port());
    String first = Echo.call(channel);

    EchoServer own = list(server());
    Eventually.await("its own list", () -> Echo.call(channel).equals(own.name()));

    assertThat(first).isEqualTo(spare.name());
  }

  @Test
  void snapshot_twoChannelsOfOneTarget_areOneDiscovery() throws Exception {
    list(server());
    EvenkeelChannel first = open("");
    Echo.call(first);
    EvenkeelChannel second = open("");
    Echo.call(second);

    Channels.close(first);

    assertThat(Echo.call(second)).isEqualTo(servers.get(0).name());
    assertThat(source(second)).startsWith("source: \"file://" + file());
  }

  @Test
  void open_watchWithoutAChannel_hearsOfListsAndErrors() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    ServiceWatch.Listener listener =
        new ServiceWatch.Listener() {
          @Override
          public void onEndpoints(EndpointSet endpoints) {
            heard.add(endpoints.endpoints().size() + " endpoints");
          }

          @Override
          public void onError(Status status) {
            heard.add(String.valueOf(status.getDescription()));
          }
        };

    try (ServiceWatch watch = ServiceWatch.open("file://" + file(), listener)) {
      Eventually.await("an error", () -> heard.size() == 1);
      list(server());
      Eventually.await("a list", () -> heard.contains("1 endpoints"));

      assertThat(heard.get(0)).contains(file() + " does not exist");
      assertThat(watch.status().snapshot().stale()).isFalse();
    }
  }

  private static boolean fails(EvenkeelChannel channel) {
    try {
      Echo.call(channel);
      return false;
    } catch (StatusRuntimeException expected) {
      return true;
    }
  }

  /** The line of the channel's picture that says where its list comes from. */
  private static String source(EvenkeelChannel channel) {
    return channel
        .balancer()
        .orElseThrow()
        .snapshot()
        .toString()
        .lines()
        .filter(line -> line.startsWith("source:"))
        .findFirst()
        .orElse("");
  }

  private EvenkeelChannel open(String query) {
    EvenkeelChannel channel = Evenkeel.channel("file://" + file() + query).plaintext().build();
    channels.add(channel);
    return channel;
  }

  private EchoServer server() {
    EchoServer server = EchoServer.netty();
    servers.add(server);
    return server;
  }

  private EchoServer list(EchoServer server) throws Exception {
    Path next =
        Files.writeString(directory.resolve("next"), "[\"127.0.0.1:" + server.port() + "\"]");
    Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);
    return server;
  }

  private Path file() {
    return directory.resolve("orders.json");
  }
}
