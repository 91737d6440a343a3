package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.process.EtcdServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresServer({"etcd", "etcdctl"})
class EtcdCommandsTest extends RegistryCommands {
  @AutoClose private static EtcdServer etcd;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    etcd = EtcdServer.start(directory);
  }

  @Override
  String registry() {
    return etcd.uri() + "/commands";
  }

  @Test
  void serve_loopbackNotAllowed_saysHowToAllowIt() {
    try (CommandProcess serve =
        CommandProcess.start("serve", "order", "--registry", registry(), "--advertise=127.0.0.1")) {
      assertThat(serve.exitCode()).isEqualTo(2);
      assertThat(serve.errors()).contains("not loopback; ?loopback=allow");
    }
  }

  @Test
  void resolve_entryWrittenByEtcdctl_isFound() throws Exception {
    etcd.ctl("put", "go/orders/b", "{\"Op\":0,\"Addr\":\"10.0.0.2:80\",\"Metadata\":null}");

    assertThat(resolved(etcd.uri() + "/go/orders")).contains("10.0.0.2:80");
  }

  @Test
  void watch_instancesComeChangeAndGo_isPrintedWithTheAgeOfTheList() throws Exception {
    put("10.0.0.1:80", "null");
    try (CommandProcess watch = CommandProcess.start("watch", etcd.uri() + "/watched/orders")) {
      watch.awaitLine("+ 10.0.0.1:80"::equals);
      watch.awaitLine(line -> line.matches("= 1 endpoint, confirmed \\d+\\.\\d s ago"));

      put("10.0.0.2:80", "null");
      watch.awaitLine("+ 10.0.0.2:80"::equals);
      put("10.0.0.2:80", "\"{\\\"weight\\\":9}\"");
      watch.awaitLine(line -> line.startsWith("~ 10.0.0.2:80") && line.contains("9"));
      etcd.ctl("del", "watched/orders/10.0.0.1:80");
      watch.awaitLine("- 10.0.0.1:80"::equals);
    }
  }

  /** As a Go program writes it. */
  private static void put(String address, String metadata) throws Exception {
    etcd.ctl(
        "put",
        "watched/orders/" + address,
        "{\"Op\":0,\"Addr\":\"%s\",\"Metadata\":%s}".formatted(address, metadata));
  }
}
