package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.evenkeel.demo.DemoServices;
import io.evenkeel.server.EvenkeelServer;
import io.evenkeel.server.settings.ServerSettings;
import io.evenkeel.testkit.process.KubernetesSlice;
import io.evenkeel.testkit.process.KubernetesStub;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command, with {@code KUBECONFIG}. */
@Timeout(240)
class KubernetesCommandsTest {
  private static final String TARGET = "kubernetes:///orders.prod:grpc";

  private static KubernetesStub kubernetes;
  private static EvenkeelServer server;
  private static Map<String, String> environment;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    kubernetes = KubernetesStub.start();
    server = DemoServices.start("order", ServerSettings.defaults(), Map.of(), step -> {});
    environment =
        Map.of(
            "KUBECONFIG",
            kubernetes.writeKubeconfig(directory.resolve("config"), "prod").toString());
    kubernetes.put("prod", slice("a", "orders", port()));
  }

  @AfterAll
  static void stop() {
    server.close();
    kubernetes.close();
  }

  @Test
  void resolve_service_listsItsPods() {
    CommandProcess resolve = run("resolve", TARGET);

    assertThat(resolve.exitCode()).isZero();
    assertThat(String.join("\n", resolve.lines())).contains("a", "127.0.0.1:" + port());
    assertThat(resolve.errors()).doesNotContain("SLF4J");
  }

  @Test
  void call_service_isAnswered() {
    CommandProcess call =
        run(
            "call",
            TARGET,
            "order.OrderService/GetOrder",
            "--plaintext",
            "--data",
            "{\"id\":\"1\"}");

    assertThat(call.exitCode()).as(call.toString()).isZero();
    assertThat(String.join("\n", call.lines())).contains("served_by");
  }

  @Test
  void watch_slicesThatComeAndGo_areTold() {
    try (CommandProcess watch =
        CommandProcess.start(environment, List.of("watch", "kubernetes:///web.prod:grpc"))) {
      kubernetes.put("prod", slice("x", "web", 1));
      watch.awaitLine(line -> line.contains("+") && line.contains("x"));

      kubernetes.put("prod", slice("y", "web", 2));
      watch.awaitLine(line -> line.contains("+") && line.contains("y"));
      kubernetes.delete("prod", "web-y");

      watch.awaitLine(line -> line.contains("-") && line.contains("y"));
    }
  }

  @Test
  void serve_kubernetesAsRegistry_saysWhoRegisters() {
    CommandProcess serve = run("serve", "order", "--registry", "kubernetes:///");

    assertThat(serve.exitCode()).isEqualTo(2);
    assertThat(serve.errors()).contains("Kubernetes registers pods itself");
  }

  private static CommandProcess run(String... arguments) {
    CommandProcess command = CommandProcess.start(environment, List.of(arguments));
    command.exitCode();
    return command;
  }

  private static JsonObject slice(String pod, String service, int port) {
    return KubernetesSlice.of(service + "-" + pod, service)
        .port("grpc", port)
        .pod(pod, "127.0.0.1")
        .json();
  }

  private static int port() {
    return ((InetSocketAddress) server.endpoint().addresses().get(0)).getPort();
  }
}
