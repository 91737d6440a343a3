package io.evenkeel.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lists of an API server that takes connections and says nothing. */
@Timeout(240)
class ListCallTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final int LISTS = ApiClient.LISTS_AT_ONCE + 8;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private ServerSocket server;
  private ApiClient client;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    server = new ServerSocket(0, LISTS, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        current-context: silent
        clusters: [{name: silent, cluster: {server: "http://127.0.0.1:%d"}}]
        contexts: [{name: silent, context: {cluster: silent}}]
        """
            .formatted(server.getLocalPort()));
    KubeconfigProperty.use(kubeconfig);
    client = ApiClients.open(RegistryCredentials.NONE);
  }

  private void accept() {
    try {
      while (true) {
        connections.add(server.accept());
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  @AfterEach
  void stop() throws Exception {
    KubeconfigProperty.clear();
    server.close();
    for (Socket each : connections) {
      each.close();
    }
    threads.shutdown();
    scheduler.shutdown();
  }

  @Test
  void begin_moreThanTheBound_waitForTheirTurn() throws Exception {
    List<ListCall> calls = begin(LISTS);

    Await.until(BOUND, connections::size, size -> size == ApiClient.LISTS_AT_ONCE);
    calls.get(0).close();
    Await.until(BOUND, connections::size, size -> size == ApiClient.LISTS_AT_ONCE + 1);

    calls.forEach(ListCall::close);
    assertThat(client.lists().tryTake()).isTrue();
  }

  @Test
  void begin_noAnswer_failsInTimeAndLetsTheNextAsk() throws Exception {
    List<ListCall> calls = begin(LISTS);

    assertThat(calls.get(0).answer())
        .failsWithin(BOUND)
        .withThrowableThat()
        .withMessageContaining("no answer within 7 s");
    Await.until(BOUND, connections::size, size -> size == LISTS);

    calls.forEach(ListCall::close);
  }

  @Test
  void close_whileItWaits_isNeverAsked() throws Exception {
    List<ListCall> calls = begin(ApiClient.LISTS_AT_ONCE);
    Await.until(BOUND, connections::size, size -> size == ApiClient.LISTS_AT_ONCE);
    ListCall waiting = begin(1).get(0);

    waiting.close();
    calls.forEach(ListCall::close);

    assertThat(waiting.answer()).isCompletedExceptionally();
    assertThat(connections).hasSize(ApiClient.LISTS_AT_ONCE);
  }

  private List<ListCall> begin(int count) {
    DiscoveryContext context =
        new DiscoveryContext(threads, scheduler, System::nanoTime, () -> 0.5);
    List<ListCall> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ListCall call = new ListCall(client, "/apis/list-" + i, context);
      calls.add(call);
      call.begin();
    }
    return calls;
  }
}
