package io.evenkeel.server;

import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import java.time.Duration;

/** Servers for tests: on loopback, and quick to stop. */
final class Servers {
  static final String NAME = "gate-service";

  private Servers() {}

  static ServerSettings settings() {
    return ServerSettings.defaults()
        .with(ServerSetting.ADVERTISE, "127.0.0.1")
        .with(ServerSetting.DRAIN_DELAY, Duration.ZERO);
  }

  static EvenkeelServerBuilder builder(Gate gate) {
    return EvenkeelServer.builder(NAME).settings(settings()).plaintext().addService(gate.service());
  }
}
