package io.evenkeel.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.testkit.ThrowawayCertificate;
import io.evenkeel.testkit.WatchedDiscovery;
import io.evenkeel.testkit.process.ConsulServer;
import io.evenkeel.testkit.process.RequiresServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tokens, rules and TLS of a real Consul. */
@RequiresServer("consul")
@Timeout(240)
class ConsulAccessTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Endpoint INSTANCE = Endpoint.of(HostPort.parse("10.0.0.1:80")).withId("a");

  @Nested
  class Tokens {
    private static final String MASTER = UUID.randomUUID().toString();
    private static ConsulServer consul;

    @BeforeAll
    static void startServer(@TempDir Path directory) throws Exception {
      consul =
          ConsulServer.start(
              directory,
              "acl { enabled = true default_policy = \"deny\" tokens { master = \"%s\" agent = \"%s\" } }"
                  .formatted(MASTER, MASTER));
    }

    @AfterAll
    static void stopServer() {
      consul.close();
    }

    @AfterEach
    void forget() {
      RegistryCredentials.unset("consul");
    }

    @Test
    void token_withTheRules_registersAndWatches() throws Exception {
      String token =
          token("service \"orders\" { policy = \"write\" } node_prefix \"\" { policy = \"read\" }");
      try (Registrar registrar = open(token)) {
        registrar.register("orders", INSTANCE);

        try (WatchedDiscovery watching = with(token).watch(consul.address())) {
          watching.seen().await(BOUND, "a");
        }
      }
    }

    @Test
    void token_mayNotWrite_isToldWhichRuleItNeeds() throws Exception {
      String reader = token("service \"orders\" { policy = \"read\" }");

      try (Registrar registrar = open(reader)) {
        assertThatThrownBy(() -> registrar.register("orders", INSTANCE))
            .isInstanceOf(RegistrationException.class)
            .hasMessageContaining("Permission denied")
            .hasMessageContaining("service \"orders\" { policy = \"write\" }");
      }
    }

    @Test
    void token_unknown_isAnErrorThatDoesNotShowIt() throws Exception {
      String unknown = UUID.randomUUID().toString();

      try (WatchedDiscovery watching = with(unknown).watch(consul.address())) {
        assertThat(watching.seen().nextError(BOUND).getDescription())
            .contains("ACL not found", "EVENKEEL_CONSUL_TOKEN")
            .doesNotContain(unknown);
      }
    }

    @Test
    void token_none_isToldWhatMayBeHidden() throws Exception {
      try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
        assertThat(watching.seen().nextSet(BOUND).problems())
            .singleElement()
            .asString()
            .contains("service \"orders\" { policy = \"read\" }");
      }
    }

    private Registrar open(String token) {
      RegistryCredentials.set("consul", RegistryCredentials.builder().token(token).build());
      return Registrars.open(URI.create(consul.uri()));
    }

    private static Manner with(String token) {
      return Manner.PLAIN.withCredentials(RegistryCredentials.builder().token(token).build());
    }

    /** A new token with these rules. */
    private static String token(String rules) throws Exception {
      String name = "p-" + UUID.randomUUID();
      String quoted = rules.replace("\"", "\\\"");
      consul.api(
          "PUT",
          "/v1/acl/policy",
          "{\"Name\":\"%s\",\"Rules\":\"%s\"}".formatted(name, quoted),
          MASTER);
      String created =
          consul.api(
              "PUT", "/v1/acl/token", "{\"Policies\":[{\"Name\":\"%s\"}]}".formatted(name), MASTER);
      return JsonParser.parseString(created).getAsJsonObject().get("SecretID").getAsString();
    }
  }

  @Nested
  class Tls {
    private static Path certFile;
    private static ConsulServer consul;

    @BeforeAll
    static void startServer(@TempDir Path directory) throws Exception {
      Path store = directory.resolve("store.p12");
      certFile = directory.resolve("cert.pem");
      Path keyFile = directory.resolve("key.pem");
      ThrowawayCertificate.makeForLoopback(store);
      ThrowawayCertificate.writePem(store, certFile, keyFile);
      consul = ConsulServer.startWithTls(directory, certFile, keyFile);
    }

    @AfterAll
    static void stopServer() {
      consul.close();
    }

    @Test
    void caFile_ofTheServer_isTrusted() throws Exception {
      try (WatchedDiscovery watching = trusting(certFile).watch(consul.address())) {
        watching.seen().nextSet(BOUND);
      }
    }

    @Test
    void caFile_missing_isNamed(@TempDir Path directory) throws Exception {
      Path nowhere = directory.resolve("nowhere.pem");

      try (WatchedDiscovery watching = trusting(nowhere).watch(consul.address())) {
        assertThat(watching.seen().nextError(BOUND).getDescription())
            .contains("CA file " + nowhere + " cannot be read");
      }
    }

    @Test
    void tls_systemAuthorities_doNotTrustIt() throws Exception {
      Manner system = Manner.PLAIN.withTls();

      try (WatchedDiscovery watching = system.watch(consul.address())) {
        assertThat(watching.seen().nextError(BOUND).getDescription())
            .contains("unable to find valid certification path");
      }
    }

    @Test
    void tls_none_isAnErrorOfTheConnection() throws Exception {
      try (WatchedDiscovery watching = Manner.PLAIN.watch(consul.address())) {
        assertThat(watching.seen().nextError(BOUND).getDescription())
            .contains("HTTP status 400: Client sent an HTTP request to an HTTPS server");
      }
    }

    private static Manner trusting(Path caFile) {
      return Manner.PLAIN.withCredentials(RegistryCredentials.builder().caFile(caFile).build());
    }
  }
}
