package io.evenkeel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoveryCommandsTest {
  @TempDir private Path directory;

  @Test
  void resolve_fixedList_printsATable() {
    CommandRun run = CommandRun.of("resolve", "fixed:///127.0.0.1:8080;weight=9,127.0.0.1:8081");

    assertThat(run.exitCode()).isZero();
    assertThat(run.lines()).hasSize(3);
    assertThat(run.lines().get(0)).startsWith("ID");
    assertThat(run.lines().get(1)).contains("127.0.0.1:8080").contains("9");
  }

  @Test
  void resolve_asJson_printsOneObject() {
    CommandRun run = CommandRun.of("--json", "resolve", "fixed:///127.0.0.1:8080;weight=9");

    JsonObject endpoint =
        JsonParser.parseString(run.out())
            .getAsJsonObject()
            .getAsJsonArray("endpoints")
            .get(0)
            .getAsJsonObject();
    assertThat(endpoint.get("address").getAsString()).isEqualTo("127.0.0.1:8080");
    assertThat(endpoint.get("weight").getAsInt()).isEqualTo(9);
  }

  @Test
  void resolve_hostWithoutScheme_isResolvedAsAChannelWould() {
    CommandRun run = CommandRun.of("resolve", "127.0.0.1:8080");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("127.0.0.1:8080");
  }

  @Test
  void resolve_unknownScheme_namesThoseThatExist() {
    CommandRun run = CommandRun.of("resolve", "nowhere:///x");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("nowhere:///x").contains("fixed").contains("file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "etcd://root:secret@127.0.0.1:1/orders",
        "etcd:root:secret@127.0.0.1:1/orders",
        "nowhere://root:secret@127.0.0.1:1/orders",
        "etcd://root:secret@127.0.0.1:1/or ders"
      })
  void resolve_userInTheTarget_isNotRepeated(String target) {
    CommandRun run = CommandRun.of("resolve", target);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"etcd://root:secret@127.0.0.1:1", "nowhere://root:secret@127.0.0.1:1"})
  void registryList_userInTheUri_isNotRepeated(String registry) {
    CommandRun run = CommandRun.of("registry", "list", "--registry", registry);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").doesNotContain("secret");
  }

  @Test
  void resolve_registryIsDown_saysWhatOnce() {
    CommandRun run = CommandRun.of("resolve", "etcd://127.0.0.1:1/orders");

    assertThat(run.err())
        .endsWith(
            "error: UNAVAILABLE: target \"etcd://127.0.0.1:1/orders\": etcd at 127.0.0.1:1: cannot"
                + " be reached: Connection refused\n");
  }

  @Test
  void registryList_severalIpv6Hosts_areTaken() {
    CommandRun run =
        CommandRun.of("registry", "list", "--registry", "etcd://[::1]:1,[::1]:2/orders");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("cannot be reached");
  }

  @Test
  void registryList_noUri_isRefusedWithoutAClassName() {
    CommandRun run = CommandRun.of("registry", "list", "--registry", "etcd://a b");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("\"etcd://a b\" is no URI").doesNotContain("java.");
  }

  @Test
  void registryList_registryIsDown_saysWhatWithoutAClassName() {
    CommandRun run = CommandRun.of("registry", "list", "--registry", "etcd://127.0.0.1:1");

    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err())
        .isEqualTo("error: etcd at 127.0.0.1:1: cannot be reached: Connection refused\n");
  }

  @Test
  void registryRegister_addressIsRefused_isAUsageError() {
    CommandRun run =
        CommandRun.of(
            "registry", "register", "--registry", "etcd://127.0.0.1:1", "orders", "127.0.0.1:80");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("error: address of instance \"127.0.0.1:80\": 127.0.0.1:80 (expected: ");
  }

  @Test
  void resolve_fileThatIsNoJson_saysWhere() throws Exception {
    Path file = Files.writeString(directory.resolve("list.json"), "orders: a");

    CommandRun run = CommandRun.of("resolve", file.toUri().toString());

    assertThat(run.err()).contains("malformed JSON: unexpected text at line 1 column 1");
  }

  @Test
  void resolve_misspeltParameter_suggestsTheNearest() {
    CommandRun run = CommandRun.of("resolve", directory.toUri() + "?maxDorp=10%25");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("?maxDorp: unknown setting (did you mean \"maxDrop\"?)");
  }

  @Test
  void resolve_malformedTarget_isAUsageError() {
    CommandRun run = CommandRun.of("resolve", "fixed:///localhost");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("has no port");
  }

  @Test
  void registryList_registeredInstance_showsIt() throws Exception {
    URI registry = directory.toUri();
    try (Registrar registrar = Registrars.open(registry)) {
      registrar.register("orders", instance("one"));

      CommandRun run = CommandRun.of("registry", "list", "--registry", registry.toString());

      assertThat(run.exitCode()).isZero();
      assertThat(run.out()).startsWith("orders").contains("one").contains("127.0.0.1:8080");
    }
  }

  @Test
  void registryDeregister_registeredInstance_removesIt() throws Exception {
    URI registry = directory.toUri();
    try (Registrar registrar = Registrars.open(registry)) {
      registrar.register("orders", instance("one"));

      CommandRun run =
          CommandRun.of(
              "registry", "deregister", "--registry", registry.toString(), "orders", "one");

      assertThat(run.exitCode()).isZero();
    }
  }

  @Test
  void registryDeregister_unknownInstance_fails() {
    CommandRun run =
        CommandRun.of(
            "registry", "deregister", "--registry", directory.toUri().toString(), "orders", "two");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("no instance \"two\"");
  }

  @Test
  void registryList_unknownScheme_isAUsageError() {
    CommandRun run = CommandRun.of("registry", "list", "--registry", "nowhere:///x");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("nowhere").contains("file");
  }

  @Test
  void registryRegister_malformedAddress_isAUsageError() {
    CommandRun run =
        CommandRun.of(
            "registry", "register", "--registry", directory.toUri().toString(), "orders", "host");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("has no port");
  }

  private static Endpoint instance(String id) {
    return Endpoint.of(HostPort.parse("127.0.0.1:8080")).withId(id);
  }
}
