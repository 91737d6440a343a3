package io.evenkeel.cli;

import io.evenkeel.demo.DemoServices;
import io.evenkeel.server.EvenkeelServer;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Demo services on loopback ports of this process. */
final class DemoServer {

  private DemoServer() {}

  static EvenkeelServer start(String service, String id) throws IOException {
    ServerSettings settings =
        ServerSettings.defaults()
            .with(ServerSetting.ID, id)
            .with(ServerSetting.DRAIN_DELAY, Duration.ZERO);
    return DemoServices.start(service, settings, Map.of());
  }

  static String address(EvenkeelServer server) {
    return server.endpoint().displayAddress();
  }

  /** A target of all of {@code servers}. */
  static String target(EvenkeelServer... servers) {
    return "fixed:///"
        + Arrays.stream(servers).map(DemoServer::address).collect(Collectors.joining(","));
  }
}
