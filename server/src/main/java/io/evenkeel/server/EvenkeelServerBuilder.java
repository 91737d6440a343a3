package io.evenkeel.server;

import io.evenkeel.registration.Registrar;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Builds and starts an {@link EvenkeelServer}. Not thread-safe; for one server. */
public final class EvenkeelServerBuilder {
  private static final System.Logger log = System.getLogger(EvenkeelServerBuilder.class.getName());

  private final String serviceName;
  private final List<ServerServiceDefinition> services = new ArrayList<>();
  private final List<ServerInterceptor> interceptors = new ArrayList<>();
  private final List<Registrar> registrars = new ArrayList<>();
  private final List<Runnable> afterwards = new ArrayList<>();
  private ServerSettings settings = ServerSettings.defaults();
  private @Nullable ServerCredentials credentials;
  private @Nullable ServerBuilder<?> transport;
  private DoubleSupplier utilization = () -> 0;
  private Consumer<String> stopReporter = step -> {};
  private Signals signals = Signals.LEFT_ALONE;

  EvenkeelServerBuilder(String serviceName) {
    this.serviceName = Objects.requireNonNull(serviceName, "serviceName");
  }

  /** Everything that has a name in {@link ServerSetting}. Default: all defaults. */
  public EvenkeelServerBuilder settings(ServerSettings settings) {
    this.settings = Objects.requireNonNull(settings, "settings");
    return this;
  }

  /** How the server proves who it is and encrypts, as by {@code TlsServerCredentials}. */
  public EvenkeelServerBuilder credentials(ServerCredentials credentials) {
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    return this;
  }

  /**
   * No encryption and no proof of who answers: for a loopback address, a test, or a mesh that
   * encrypts below.
   */
  public EvenkeelServerBuilder plaintext() {
    return credentials(InsecureServerCredentials.create());
  }

  /**
   * Builds on {@code transport}, which brings its own port and credentials; its limits are set from
   * the settings.
   */
  public EvenkeelServerBuilder over(ServerBuilder<?> transport) {
    this.transport = Objects.requireNonNull(transport, "transport");
    return this;
  }

  /** Adds a service; its health is reported under its full name. */
  public EvenkeelServerBuilder addService(BindableService service) {
    return addService(service.bindService());
  }

  /** Adds a service; its health is reported under its full name. */
  public EvenkeelServerBuilder addService(ServerServiceDefinition service) {
    services.add(service);
    return this;
  }

  /** Sees every call, also of health and reflection; the one added first sees it first. */
  public EvenkeelServerBuilder intercept(ServerInterceptor interceptor) {
    interceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
    return this;
  }

  /**
   * Also registers in {@code registrar}, which stays the caller's to close. Registries that have a
   * URI are {@link ServerSetting#REGISTRY}.
   */
  public EvenkeelServerBuilder registrar(Registrar registrar) {
    registrars.add(Objects.requireNonNull(registrar, "registrar"));
    return this;
  }

  /**
   * How much of the server is in use by the application's own measure, 0 for nothing and 1 for all:
   * of its worker threads, perhaps, or of its connections to a database. Reported in place of the
   * processors' use, which says little of a server that waits for others, when {@link
   * ServerSetting#LOAD_REPORTS} are on. Asked on any thread, once a second at most; must not block.
   * Default: says nothing.
   */
  public EvenkeelServerBuilder utilization(DoubleSupplier utilization) {
    this.utilization = Objects.requireNonNull(utilization, "utilization");
    return this;
  }

  /**
   * Runs {@code action} once the last call is over and the server closed, or could not be started:
   * the place to close what the services use. What it throws is logged.
   */
  public EvenkeelServerBuilder closeAfterwards(Runnable action) {
    afterwards.add(Objects.requireNonNull(action, "action"));
    return this;
  }

  /**
   * Tells {@code reporter} each step of the stop, in a few words, besides the log: the JDK's own
   * logging is already silent when the JVM ends by a signal.
   */
  public EvenkeelServerBuilder reportStop(Consumer<String> reporter) {
    this.stopReporter = Objects.requireNonNull(reporter, "reporter");
    return this;
  }

  /** Stops in order when the process is told to end by SIGTERM or SIGINT. Default: does not. */
  public EvenkeelServerBuilder stopOnSignal() {
    this.signals = Signals.STOP;
    return this;
  }

  /**
   * Opens the port and starts to register. Returns as soon as calls are taken; {@link
   * EvenkeelServer#awaitReady} waits until clients can find the server too.
   *
   * @throws IOException if a port cannot be opened, or a registry refused and the settings say that
   *     this is fatal
   * @throws IllegalArgumentException if no registrar knows a registry's scheme, or the address to
   *     advertise is unusable
   * @throws IllegalStateException if neither {@link #credentials}, {@link #plaintext} nor {@link
   *     #over} was called
   */
  public EvenkeelServer start() throws IOException {
    return EvenkeelServer.start(this);
  }

  String serviceName() {
    return serviceName;
  }

  ServerSettings settings() {
    return settings;
  }

  List<ServerServiceDefinition> services() {
    return services;
  }

  List<ServerInterceptor> interceptors() {
    return interceptors;
  }

  List<Registrar> registrars() {
    return registrars;
  }

  DoubleSupplier utilization() {
    return utilization;
  }

  /** All that is to be closed after the server, as one action that does not throw. */
  Runnable afterwards() {
    return () -> afterwards.forEach(EvenkeelServerBuilder::runLogged);
  }

  private static void runLogged(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      log.log(System.Logger.Level.WARNING, "closing after the server", e);
    }
  }

  Consumer<String> stopReporter() {
    return stopReporter;
  }

  Signals signals() {
    return signals;
  }

  ServerBuilder<?> transport() {
    if (transport != null) {
      return transport;
    }
    if (credentials == null) {
      throw new IllegalStateException(
          "server of \"" + serviceName + "\": call credentials(…), plaintext() or over(…)");
    }
    return Grpc.newServerBuilderForPort(settings.get(ServerSetting.PORT), credentials);
  }

  enum Signals {
    LEFT_ALONE,
    STOP
  }
}
