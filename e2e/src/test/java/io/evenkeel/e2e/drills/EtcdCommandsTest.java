package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.process.EtcdServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command on a real etcd. */
@RequiresServer({"etcd", "etcdctl"})
@Timeout(120)
class EtcdCommandsTest {
  private static EtcdServer etcd;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    etcd = EtcdServer.start(directory);
  }

  @AfterAll
  static void stop() {
    etcd.close();
  }

  @Test
  void registry_registerListDeregister_workOnEtcd() {
    String registry = "etcd://" + etcd.address() + "/commands";
    try (CommandProcess register =
        CommandProcess.start(
            "registry", "register", "--registry", registry, "orders", "10.0.0.1:80", "--id=a")) {
      register.awaitErrorLine(line -> line.contains("registered"));

      CommandProcess list = CommandProcess.run("registry", "list", "--registry", registry);
      CommandProcess deregister =
          CommandProcess.run("registry", "deregister", "--registry", registry, "orders", "a");
      CommandProcess again =
          CommandProcess.run("registry", "deregister", "--registry", registry, "orders", "a");

      assertThat(String.join("\n", list.lines())).contains("orders", "a", "10.0.0.1:80");
      assertThat(deregister.exitCode()).isZero();
      assertThat(again.exitCode()).isEqualTo(1);
      assertThat(again.errors()).contains("service \"orders\" has no instance \"a\"");
    }
  }

  @Test
  void serve_loopbackNotAllowed_saysHowToAllowIt() {
    String registry = "etcd://" + etcd.address() + "/strict";
    try (CommandProcess serve =
        CommandProcess.start("serve", "order", "--registry", registry, "--advertise=127.0.0.1")) {
      assertThat(serve.exitCode()).isEqualTo(2);
      assertThat(serve.errors()).contains("not loopback; ?loopback=allow");
    }
  }

  @Test
  void resolve_entryWrittenByEtcdctl_isFound() throws Exception {
    etcd.ctl("put", "go/orders/b", "{\"Op\":0,\"Addr\":\"10.0.0.2:80\",\"Metadata\":null}");

    CommandProcess resolve =
        CommandProcess.run("resolve", "etcd://" + etcd.address() + "/go/orders");

    assertThat(resolve.exitCode()).isZero();
    assertThat(String.join("\n", resolve.lines())).contains("10.0.0.2:80");
  }

  @Test
  void watch_instancesComeChangeAndGo_isPrintedWithTheAgeOfTheList() throws Exception {
    put("10.0.0.1:80", "null");
    try (CommandProcess watch =
        CommandProcess.start("watch", "etcd://" + etcd.address() + "/watched/orders")) {
      watch.awaitLine("+ 10.0.0.1:80"::equals);
      watch.awaitLine("= 1 endpoint, confirmed 0.0 s ago"::equals);

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
