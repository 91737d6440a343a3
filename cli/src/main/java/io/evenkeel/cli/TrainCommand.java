package io.evenkeel.cli;

import io.evenkeel.EvenkeelChannel;
import io.evenkeel.cli.console.Console;
import io.evenkeel.cli.console.ExitCode;
import io.evenkeel.demo.DemoServices;
import io.evenkeel.demo.order.OrderProto;
import io.evenkeel.gateway.Gateway;
import io.evenkeel.server.EvenkeelServer;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Uses once what the other commands use, so that the JVM can archive the classes for a faster
 * start. The launcher runs it after a build.
 */
@Command(name = "train", hidden = true, description = "Load what other commands need.")
final class TrainCommand implements Callable<Integer> {
  private static final ServerSettings AT_ONCE =
      ServerSettings.defaults().with(ServerSetting.DRAIN_DELAY, Duration.ZERO);

  @Override
  public Integer call() throws IOException {
    OutputStream nowhere = OutputStream.nullOutputStream();
    Console nobody = new Console(nowhere, nowhere);
    Main.run(nobody, "--help");
    try (EvenkeelServer server = DemoServices.start("order", AT_ONCE, Map.of())) {
      String target = "fixed:///" + server.endpoint().displayAddress();
      Main.run(nobody, "call", "--plaintext", target, "order.OrderService/GetOrder", "--summary");
      openGateway(target);
    }
    return ExitCode.OK;
  }

  private static void openGateway(String target) {
    EvenkeelChannel channel = Gateway.upstream(target).plaintext().build();
    Gateway gateway =
        Gateway.builder()
            .host("127.0.0.1")
            .route(OrderProto.getDescriptor().findServiceByName("OrderService"), channel)
            .build();
    gateway.start().close();
    channel.shutdownNow();
  }
}
