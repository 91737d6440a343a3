package io.evenkeel.demo;

import io.evenkeel.config.NearestName;
import io.evenkeel.demo.OrderService.Availability;
import io.evenkeel.server.EvenkeelServer;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The demo services by name. {@code order} is registered as {@code order-service}, and so on.
 *
 * <p>A process is further told by its environment: {@code INSTANCE_ID} is what an order says it was
 * served by, {@code GRPC_FORCE_UNAVAILABLE=true} makes the order service fail, {@code BEHAVIOR}
 * holds a {@link Behavior} for calls that state none.
 */
public final class DemoServices {
  private static final String INSTANCE_ID = "INSTANCE_ID";
  private static final String FORCE_UNAVAILABLE = "GRPC_FORCE_UNAVAILABLE";
  private static final String DEFAULT_BEHAVIOR = "BEHAVIOR";
  private static final List<String> NAMES = List.of("echo", "greeter", "hello", "order");

  private DemoServices() {}

  /** The names of all services, sorted. */
  public static List<String> names() {
    return NAMES;
  }

  /** The name under which clients find the service {@code name}. */
  public static String serviceName(String name) {
    return name + "-service";
  }

  /**
   * Starts the service {@code name} as {@link #start(String, ServerSettings, Map, Consumer)} does,
   * and reports on standard error.
   */
  public static EvenkeelServer start(
      String name, ServerSettings settings, Map<String, String> environment) throws IOException {
    return start(name, settings, environment, System.err::println);
  }

  /**
   * Starts the service {@code name} without TLS, to be stopped in order by SIGTERM and SIGINT. It
   * takes calls when this returns; {@link EvenkeelServer#awaitReady} waits until it is registered.
   *
   * @param environment usually {@link System#getenv()}
   * @param reporter told what an onlooker wants to know: each step of the stop, each call that was
   *     made to fail
   * @throws IllegalArgumentException if there is no such service, or a setting or variable is
   *     malformed
   * @throws IOException if a port cannot be opened
   */
  public static EvenkeelServer start(
      String name,
      ServerSettings settings,
      Map<String, String> environment,
      Consumer<String> reporter)
      throws IOException {
    AtomicReference<String> address = new AtomicReference<>("starting");
    Behavior behavior = behaviorOf(environment);
    ServerServiceDefinition service =
        service(name, address, new Told(settings, environment, reporter));
    ScheduledThreadPoolExecutor timer = newTimer();
    BehaviorInterceptor misbehaving = new BehaviorInterceptor(behavior, timer);
    EvenkeelServer server =
        EvenkeelServer.builder(serviceName(name))
            .settings(settings)
            .plaintext()
            .addService(
                ServerInterceptors.interceptForward(service, new MetadataEcho(), misbehaving))
            .closeAfterwards(timer::shutdownNow)
            .reportStop(reporter)
            .stopOnSignal()
            .start();
    address.set(server.endpoint().displayAddress());
    return server;
  }

  private static ServerServiceDefinition service(
      String name, AtomicReference<String> address, Told told) {
    return switch (name) {
      case "echo" -> new EchoService(address::get).bindService();
      case "greeter" -> new GreeterService(address::get).bindService();
      case "hello" -> new HelloService(address::get).bindService();
      case "order" -> orderService(told).bindService();
      default ->
          throw new IllegalArgumentException(
              "service \"" + name + "\": unknown " + NearestName.hint(name, NAMES));
    };
  }

  private static OrderService orderService(Told told) {
    Map<String, String> environment = told.environment;
    String stated = environment.getOrDefault(INSTANCE_ID, told.settings.get(ServerSetting.ID));
    String servedBy = stated.isEmpty() ? hostName(environment) : stated;
    return new OrderService(servedBy, availabilityOf(environment), told.reporter);
  }

  private static String hostName(Map<String, String> environment) {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException unresolvable) {
      // A machine whose own name does not resolve still has it in the environment, mostly.
      return environment.getOrDefault("HOSTNAME", "localhost");
    }
  }

  private static Availability availabilityOf(Map<String, String> environment) {
    return Boolean.parseBoolean(environment.get(FORCE_UNAVAILABLE))
        ? Availability.FORCED_UNAVAILABLE
        : Availability.NORMAL;
  }

  private static Behavior behaviorOf(Map<String, String> environment) {
    try {
      return Behavior.parse(environment.getOrDefault(DEFAULT_BEHAVIOR, ""));
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(
          DEFAULT_BEHAVIOR + ": " + malformed.getMessage(), malformed);
    }
  }

  private static ScheduledThreadPoolExecutor newTimer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "evenkeel-behavior");
              thread.setDaemon(true);
              return thread;
            });
    // Otherwise each call cancelled in its sleep stays in memory until the sleep is over.
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /** What one process was told. */
  private record Told(
      ServerSettings settings, Map<String, String> environment, Consumer<String> reporter) {}
}
