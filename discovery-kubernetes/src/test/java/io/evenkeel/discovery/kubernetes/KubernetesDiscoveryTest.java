package io.evenkeel.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.evenkeel.Endpoint;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.DiscoveryContract;
import io.evenkeel.testkit.WatchedTarget;
import io.evenkeel.testkit.process.KubernetesSlice;
import io.evenkeel.testkit.process.KubernetesSlice.Pod;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.grpc.NameResolverProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On fabric8's mock of an API server, which keeps what it is given. */
class KubernetesDiscoveryTest extends DiscoveryContract {
  private static final HttpClient http = HttpClient.newHttpClient();
  private static KubernetesMockServer mock;
  private static MockBridge bridge;

  @BeforeAll
  static void startMock(@TempDir Path directory) throws Exception {
    mock =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            new HashMap<>(),
            new KubernetesCrudDispatcher(),
            false);
    mock.init();
    bridge = new MockBridge(mock.getPort());
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        current-context: mock
        clusters: [{name: mock, cluster: {server: "http://127.0.0.1:%d"}}]
        contexts: [{name: mock, context: {cluster: mock, namespace: test}}]
        """
            .formatted(bridge.port()));
    KubeconfigProperty.use(kubeconfig);
  }

  @AfterAll
  static void stopMock() {
    KubeconfigProperty.clear();
    bridge.close();
    mock.destroy();
  }

  @Override
  protected NameResolverProvider provider() {
    return new KubernetesDiscoveryProvider();
  }

  @Override
  protected URI target() {
    return URI.create("kubernetes:///" + service + ":grpc");
  }

  @Override
  protected void put(Endpoint endpoint) throws Exception {
    write(endpoint.id(), "127.0.0.1", endpoint);
  }

  @Override
  protected void putMalformed(String id) throws Exception {
    write(id, "nowhere", instance(id, 7));
  }

  private void write(String id, String address, Endpoint endpoint) throws Exception {
    int port = ((InetSocketAddress) endpoint.addresses().get(0)).getPort();
    Pod pod = Pod.of(id, address).in(endpoint.zone());
    send(id, KubernetesSlice.of(service + "-" + id, service).port("grpc", port).pod(pod).json());
  }

  private void send(String id, JsonObject slice) throws Exception {
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString(slice.toString());
    int replaced = request(slices().resolve(service + "-" + id), "PUT", body);
    if (replaced == 404) {
      assertThat(request(slices(), "POST", body)).isEqualTo(201);
    }
  }

  @Override
  protected void remove(String id) throws Exception {
    Await.until(BOUND, () -> bridge.watched(service), watched -> watched);
    URI slice = slices().resolve(service + "-" + id);
    assertThat(request(slice, "DELETE", HttpRequest.BodyPublishers.noBody())).isEqualTo(200);
  }

  private static URI slices() {
    return URI.create(
        "http://127.0.0.1:"
            + mock.getPort()
            + "/apis/discovery.k8s.io/v1/namespaces/test/endpointslices/");
  }

  private static int request(URI uri, String method, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    URI trimmed = URI.create(uri.toString().replaceAll("/$", ""));
    return http.send(
            HttpRequest.newBuilder(trimmed)
                .header("Content-Type", "application/json")
                .method(method, body)
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Override
  protected Endpoint asSeen(Endpoint written) {
    return written.withWeight(Endpoint.DEFAULT_WEIGHT).withPriority(0).withMetadata(Map.of());
  }

  @Override
  protected String threadName() {
    return "evenkeel-kubernetes";
  }

  /** Kubernetes knows no weights: nothing that a channel could see has changed. */
  @Test
  @Override
  protected void put_otherWeight_isSeen() throws Exception {
    put(instance("a", 1));
    try (WatchedTarget watched = watch()) {
      watched.next(BOUND);

      put(instance("a", 1).withWeight(7));
      put(instance("b", 2));

      assertThat(watched.next(BOUND).ids()).isEqualTo(List.of("a", "b"));
    }
  }

  @Test
  void remove_sliceOfSeveral_takesOnlyItsOwn() throws Exception {
    send(
        "one",
        KubernetesSlice.of(service + "-one", service)
            .port("grpc", 8080)
            .pod("a", "10.0.0.1")
            .pod("b", "10.0.0.2")
            .json());
    send(
        "two",
        KubernetesSlice.of(service + "-two", service)
            .port("grpc", 8080)
            .pod("b", "10.0.0.2")
            .pod("c", "10.0.0.3")
            .json());
    try (WatchedTarget watched = watch()) {
      assertThat(watched.next(BOUND).ids()).isEqualTo(List.of("a", "b", "c"));

      remove("one");

      assertThat(watched.next(BOUND).ids()).isEqualTo(List.of("b", "c"));
    }
  }

  @Test
  void start_serviceOfAnotherNamespace_isAnother() throws Exception {
    put(instance("a", 1));

    try (WatchedTarget watched =
        new WatchedTarget(provider(), URI.create("kubernetes://elsewhere/" + service + ":grpc"))) {
      assertThat(watched.next(BOUND).failure()).hasMessageContaining("namespace \"elsewhere\"");
    }
  }
}
