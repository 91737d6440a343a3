package io.evenkeel.cli.demo;

import io.evenkeel.EvenkeelChannel;
import io.evenkeel.cli.console.CommandException;
import io.evenkeel.cli.console.Console;
import io.evenkeel.demo.DemoServices;
import io.evenkeel.demo.order.OrderProto;
import io.evenkeel.gateway.Gateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/**
 * Three order services in processes of their own, a registry, and a gateway in this process.
 *
 * <p>Built, used and closed by one thread; processes that end by themselves are reported from
 * another.
 */
final class DemoCluster {
  static final List<String> IDS = List.of("order-service-1", "order-service-2", "order-service-3");

  /** Generous, because a cold machine starts four JVMs at once. */
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(8);

  private final Console console;
  private final DemoRegistry registry;
  private final ServiceLauncher launcher;
  private final StateLines stateLines;
  private final EvenkeelChannel channel;
  private final Gateway gateway;
  private final Map<String, ServiceProcess> services = new ConcurrentHashMap<>();
  private boolean open;

  private DemoCluster(Console console, DemoRegistry registry, Class<?> mainClass, int port) {
    this.console = console;
    this.registry = registry;
    this.launcher = new ServiceLauncher(mainClass, registry.uri());
    this.stateLines = new StateLines(console);
    this.channel =
        Gateway.upstream(registry.target(DemoServices.serviceName("order")))
            .plaintext()
            .listener(stateLines)
            .build();
    this.gateway =
        Gateway.builder()
            .host("127.0.0.1")
            .port(port)
            .route(OrderProto.getDescriptor().findServiceByName("OrderService"), channel)
            .noAccessLog()
            .drainTimeout(Duration.ofSeconds(2))
            .build();
  }

  /** Starts everything and waits until every service takes calls. */
  static DemoCluster start(Console console, DemoRegistry registry, Class<?> mainClass, int port)
      throws InterruptedException {
    DemoCluster cluster = new DemoCluster(console, registry, mainClass, port);
    try {
      cluster.openPort(port);
      for (String id : IDS) {
        cluster.launch(id);
      }
      for (String id : IDS) {
        cluster.awaitListening(id);
      }
      cluster.awaitAllReady();
      return cluster;
    } catch (RuntimeException | InterruptedException e) {
      cluster.close();
      throw e;
    }
  }

  /** The port of the gateway. */
  int port() {
    return gateway.port();
  }

  /** What clients call to reach the services without the gateway. */
  String target() {
    return registry.target(DemoServices.serviceName("order"));
  }

  ServiceProcess service(String id) {
    ServiceProcess service = services.get(id);
    if (service == null) {
      throw new IllegalArgumentException(id + " (expected: one of " + services.keySet() + ")");
    }
    return service;
  }

  /** Ends the service {@code id} as {@code kill -9} does, and waits until it is dead. */
  void kill(String id) throws InterruptedException {
    ServiceProcess service = services.remove(id);
    if (service != null) {
      service.kill();
      service.awaitEnd(STOP_TIMEOUT);
    }
  }

  /** Starts the service {@code id} again and waits until the gateway can call it. */
  void restart(String id) throws InterruptedException {
    launch(id);
    awaitListening(id);
    awaitAllReady();
  }

  /**
   * Ends what runs, in order where that goes within a few seconds and nobody interrupts it. Safe to
   * call twice.
   */
  void close() throws InterruptedException {
    stateLines.silence();
    List<ServiceProcess> ending = new ArrayList<>(services.values());
    services.clear();
    try {
      if (open) {
        gateway.close();
      }
      channel.shutdownNow();
      ending.forEach(ServiceProcess::stop);
      awaitEnds(ending);
    } finally {
      ending.forEach(ServiceProcess::kill); // those that are left
    }
  }

  /** One bound for all: several that hang must not outlast the time that a signal leaves us. */
  private static void awaitEnds(List<ServiceProcess> ending) throws InterruptedException {
    long startNanos = System.nanoTime();
    for (ServiceProcess service : ending) {
      service.awaitEnd(STOP_TIMEOUT.minusNanos(System.nanoTime() - startNanos));
    }
  }

  private void openPort(int port) {
    try {
      gateway.start();
      open = true;
    } catch (IllegalStateException e) {
      throw CommandException.failed(
          "port %d cannot be opened: %s; use --port 0 for a free one"
              .formatted(port, e.getCause() == null ? e.getMessage() : e.getCause().getMessage()),
          e);
    }
  }

  private void launch(String id) {
    try {
      ServiceProcess service = launcher.start(id, console::note);
      services.put(id, service);
      var unused = service.onExit().thenAccept(code -> reportExit(service, code));
    } catch (IOException e) {
      throw CommandException.failed(id + " cannot be started: " + e.getMessage(), e);
    }
  }

  private void awaitListening(String id) throws InterruptedException {
    ServiceProcess service = service(id);
    String address = service.awaitReady(START_TIMEOUT);
    console.line("%s listening on %s (pid %d)".formatted(id, address, service.pid()));
  }

  private void awaitAllReady() throws InterruptedException {
    try {
      channel.awaitReady(services.size(), START_TIMEOUT);
    } catch (TimeoutException e) {
      throw CommandException.failed(String.valueOf(e.getMessage()), e);
    }
  }

  private void reportExit(ServiceProcess service, int code) {
    // Who is ended on purpose is taken from the list before; of who never served others tell.
    if (services.containsValue(service) && service.hasBeenReady()) {
      console.note(
          "%s (pid %d) ended with code %d; start it again with:%n  %s"
              .formatted(service.id(), service.pid(), code, launcher.commandLine(service.id())));
    }
  }
}
