package io.evenkeel.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ProbeServerTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final Gate gate = new Gate();

  @Test
  void readyz_noRegistry_isReady() throws Exception {
    try (EvenkeelServer server = Servers.builder(gate).start()) {
      HttpResponse<String> response = get(server, "/readyz");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body())
          .isEqualTo("{\"ready\":true,\"state\":\"SERVING\",\"reasons\":[]}");
      assertThat(response.headers().firstValue("content-type")).contains("application/json");
    }
  }

  @Test
  void readyz_notRegistered_saysWhy() throws Exception {
    MemoryRegistrar down = new MemoryRegistrar().failing(Integer.MAX_VALUE);
    try (EvenkeelServer server = Servers.builder(gate).registrar(down).start()) {
      HttpResponse<String> response = get(server, "/readyz");

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).contains("\"ready\":false").contains("not registered");
    }
  }

  @Test
  void readyz_registeredLater_becomesReady() throws Exception {
    MemoryRegistrar registrar = new MemoryRegistrar().failing(1);
    try (EvenkeelServer server = Servers.builder(gate).registrar(registrar).start()) {
      server.awaitReady(BOUND);

      assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void readyz_oneOfTwoRegistriesDown_isReadyAndSaysWhatIsAmiss() throws Exception {
    MemoryRegistrar down = new MemoryRegistrar().failing(Integer.MAX_VALUE);
    try (EvenkeelServer server =
        Servers.builder(gate).registrar(down).registrar(new MemoryRegistrar()).start()) {
      server.awaitReady(BOUND);

      HttpResponse<String> response = get(server, "/readyz");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).contains("not registered");
    }
  }

  @Test
  void probes_draining_aliveButNotReady() throws Exception {
    CountDownLatch draining = new CountDownLatch(1);
    ServerSettings settings =
        Servers.settings().with(ServerSetting.DRAIN_DELAY, Duration.ofMinutes(2));
    EvenkeelServer server =
        Servers.builder(gate).settings(settings).reportStop(step -> draining.countDown()).start();
    Thread stopping = new Thread(server::close, "test-close");
    stopping.start();
    assertThat(draining.await(30, TimeUnit.SECONDS)).isTrue();

    HttpResponse<String> ready = get(server, "/readyz");
    HttpResponse<String> live = get(server, "/livez");
    stopping.interrupt();

    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.body()).contains("DRAINING").contains("the server is stopping");
    assertThat(live.statusCode()).isEqualTo(200);
    assertThat(server.awaitTermination(BOUND)).isTrue();
  }

  @Test
  void otherPath_isNotFound() throws Exception {
    try (EvenkeelServer server = Servers.builder(gate).start()) {
      assertThat(get(server, "/livezz").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void otherMethod_isNotAllowed() throws Exception {
    try (EvenkeelServer server = Servers.builder(gate).start()) {
      HttpRequest post = request(server, "/readyz").POST(BodyPublishers.ofString("body")).build();

      assertThat(send(post).statusCode()).isEqualTo(405);
    }
  }

  @Test
  void head_hasTheStatusAndNoBody() throws Exception {
    try (EvenkeelServer server = Servers.builder(gate).start()) {
      HttpRequest head = request(server, "/readyz").method("HEAD", BodyPublishers.noBody()).build();

      HttpResponse<String> response = send(head);

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEmpty();
    }
  }

  @Test
  void probe_othersSendHalfARequest_isAnswered() throws Exception {
    try (EvenkeelServer server = Servers.builder(gate).start()) {
      List<Socket> slow = halfRequests(server, 8);

      assertThat(get(server, "/livez").statusCode()).isEqualTo(200);

      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void probePort_off_opensNone() throws Exception {
    ServerSettings settings =
        Servers.settings().with(ServerSetting.PROBE_PORT, OptionalInt.empty());
    try (EvenkeelServer server = Servers.builder(gate).settings(settings).start()) {
      assertThat(server.probePort()).isEmpty();
    }
  }

  private static List<Socket> halfRequests(EvenkeelServer server, int count) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Socket socket =
          new Socket(InetAddresses.forString("127.0.0.1"), server.probePort().getAsInt());
      socket.getOutputStream().write("GET /livez HTT".getBytes(StandardCharsets.US_ASCII));
      sockets.add(socket);
    }
    return sockets;
  }

  private static HttpResponse<String> get(EvenkeelServer server, String path) throws Exception {
    return send(request(server, path).build());
  }

  private static HttpRequest.Builder request(EvenkeelServer server, String path) {
    URI uri = URI.create("http://127.0.0.1:" + server.probePort().getAsInt() + path);
    return HttpRequest.newBuilder(uri).timeout(BOUND);
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }
}
