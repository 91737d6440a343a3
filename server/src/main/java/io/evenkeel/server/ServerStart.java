package io.evenkeel.server;

import io.evenkeel.Endpoint;
import io.evenkeel.server.AdvertisedAddress.Reach;
import io.evenkeel.server.settings.RegistrationFailure;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import io.grpc.Server;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Starts a server: opens its registries, its gRPC port and its probes, in this order, then
 * registers. What was opened is closed again when a later step fails.
 */
final class ServerStart implements AutoCloseable {
  private static final System.Logger log = System.getLogger(ServerStart.class.getName());

  /** What clients find {@link ServerSetting#VERSION} under. */
  private static final String VERSION = "version";

  private final EvenkeelServerBuilder plan;
  private final ServerSettings settings;
  private final Deque<Runnable> undo = new ArrayDeque<>();

  private ServerStart(EvenkeelServerBuilder plan) {
    this.plan = plan;
    this.settings = plan.settings();
  }

  static ServerParts run(EvenkeelServerBuilder plan) throws IOException {
    try (ServerStart start = new ServerStart(plan)) {
      ServerParts parts = start.open();
      start.undo.clear();
      return parts;
    }
  }

  /** Takes back what was done so far, the last step first. */
  @Override
  public void close() {
    undo.forEach(Runnable::run);
  }

  private ServerParts open() throws IOException {
    undo.push(plan.afterwards());
    List<RegistryTarget> registries = openRegistries();
    GrpcPort port = GrpcPort.open(plan);
    undo.push(port::closeNow);
    Endpoint endpoint = endpointOf(port.server());
    registries.forEach(each -> each.registrar().check(plan.serviceName(), endpoint));
    Registrations registrations =
        new Registrations(registries, plan.serviceName(), endpoint, retryDelays());
    Lifecycle lifecycle = new Lifecycle();
    Optional<ProbeServer> probes = openProbes(lifecycle, registrations);
    log.log(
        System.Logger.Level.INFO,
        "{0} listens on {1}, probes on {2}",
        plan.serviceName(),
        endpoint.displayAddress(),
        probes.map(ProbeServer::url).orElse("no port"));
    register(registrations);
    return new ServerParts(
        plan.serviceName(), settings, endpoint, port, registrations, probes, lifecycle);
  }

  private List<RegistryTarget> openRegistries() {
    List<RegistryTarget> registries = new ArrayList<>();
    for (URI uri : settings.get(ServerSetting.REGISTRY)) {
      RegistryTarget registry = RegistryTarget.open(uri);
      undo.push(registry::release);
      registries.add(registry);
    }
    plan.registrars().forEach(registrar -> registries.add(RegistryTarget.borrow(registrar)));
    return registries;
  }

  private Endpoint endpointOf(Server server) {
    Endpoint plain = Endpoint.of(addressOf(server));
    String id = settings.get(ServerSetting.ID);
    return new Endpoint(
        id.isEmpty() ? plain.id() : id,
        plain.addresses(),
        settings.get(ServerSetting.WEIGHT),
        settings.get(ServerSetting.ZONE),
        settings.get(ServerSetting.PRIORITY),
        metadata());
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>(settings.get(ServerSetting.METADATA));
    String version = settings.get(ServerSetting.VERSION);
    if (!version.isEmpty()) {
      metadata.put(VERSION, version);
    }
    return metadata;
  }

  private SocketAddress addressOf(Server server) {
    if (server.getPort() < 0) {
      // Not a network transport, as gRPC's in-process one: its name is its address.
      return server.getListenSockets().get(0);
    }
    Reach reach =
        plan.registrars().isEmpty()
            ? Reach.of(settings.get(ServerSetting.REGISTRY))
            : Reach.NETWORK;
    return AdvertisedAddress.of(settings.get(ServerSetting.ADVERTISE), server.getPort(), reach);
  }

  private Optional<ProbeServer> openProbes(Lifecycle lifecycle, Registrations registrations)
      throws IOException {
    OptionalInt port = settings.get(ServerSetting.PROBE_PORT);
    if (port.isEmpty()) {
      return Optional.empty();
    }
    ProbeServer probes =
        ProbeServer.start(port.getAsInt(), () -> Readiness.of(lifecycle.state(), registrations));
    undo.push(probes::stop);
    return Optional.of(probes);
  }

  private void register(Registrations registrations) throws IOException {
    undo.push(registrations::leave);
    registrations.start();
    if (settings.get(ServerSetting.REGISTRATION_FAILURE) == RegistrationFailure.RETRY) {
      return;
    }
    try {
      registrations.requireAll(settings.get(ServerSetting.REGISTRATION_TIMEOUT).toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while registering");
    }
  }

  private static RetryDelays retryDelays() {
    return new RetryDelays(() -> ThreadLocalRandom.current().nextLong());
  }
}
