package io.evenkeel.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileRegistryTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir Path directory;
  private URI registry;
  private Registrar onlooker;

  @BeforeEach
  void open() {
    registry = URI.create("file://" + directory);
    onlooker = Registrars.open(registry);
  }

  @AfterEach
  void close() {
    onlooker.close();
  }

  @Test
  void start_registryByUri_isListedThere() throws Exception {
    try (EvenkeelServer server = start()) {
      server.awaitReady(BOUND);

      assertThat(onlooker.instances(Servers.NAME)).containsExactly(server.endpoint());
      assertThat(server.endpoint().displayAddress()).isEqualTo("127.0.0.1:" + server.port());
    }
  }

  @Test
  void close_registryByUri_isListedNoMore() throws Exception {
    EvenkeelServer server = start();
    server.awaitReady(BOUND);

    server.close();

    assertThat(onlooker.instances(Servers.NAME)).isEmpty();
  }

  @Test
  void start_nameThatNoRegistryTakes_isRefused() {
    ServerSettings settings =
        ServerSettings.defaults().with(ServerSetting.REGISTRY, List.of(registry));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> EvenkeelServer.builder("no/name").settings(settings).plaintext().start())
        .withMessageContaining("service \"no/name\"");
  }

  private EvenkeelServer start() throws Exception {
    ServerSettings settings =
        ServerSettings.defaults()
            .with(ServerSetting.REGISTRY, List.of(registry))
            .with(ServerSetting.DRAIN_DELAY, Duration.ZERO);
    return Servers.builder(new Gate()).settings(settings).start();
  }
}
