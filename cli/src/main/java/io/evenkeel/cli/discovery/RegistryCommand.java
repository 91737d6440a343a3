package io.evenkeel.cli.discovery;

import io.evenkeel.Endpoint;
import io.evenkeel.cli.console.CommandException;
import io.evenkeel.cli.console.Console;
import io.evenkeel.cli.console.ExitCode;
import io.evenkeel.cli.console.Interruption;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks into a registry and changes what it holds. */
@Command(name = "registry", description = "Look into a registry, and change what it holds.")
public final class RegistryCommand implements Runnable {
  private static final String REGISTRY =
      "Which registry, as in file:///var/run/services or etcd://10.0.0.1:2379/prod.";
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);

  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  public RegistryCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "no command given (expected: list, register or deregister)");
  }

  /** Prints the services of a registry, or the instances of one service. */
  @Command(name = "list", description = "Print all instances, or those of one service.")
  int list(
      @Option(names = "--registry", required = true, paramLabel = "URI", description = REGISTRY)
          URI registry,
      @Parameters(arity = "0..1", paramLabel = "<service>", description = "Only this service.")
          @Nullable String service)
      throws RegistrationException {
    try (Registrar registrar = open(registry)) {
      List<String> services = service == null ? registrar.services() : List.of(service);
      Map<String, List<Endpoint>> instances = new TreeMap<>();
      for (String each : services) {
        instances.put(each, registrar.instances(each));
      }
      instances.forEach(this::print);
      return ExitCode.OK;
    } catch (IllegalArgumentException refused) {
      throw CommandException.usage(String.valueOf(refused.getMessage()));
    }
  }

  /** Keeps an instance registered until the process ends. */
  @Command(name = "register", description = "Register an instance and keep it so until Ctrl-C.")
  int register(
      @Option(names = "--registry", required = true, paramLabel = "URI", description = REGISTRY)
          URI registry,
      @Parameters(index = "0", paramLabel = "<service>", description = "Its service.")
          String service,
      @Parameters(index = "1", paramLabel = "<host:port>", description = "Where it listens.")
          String address,
      @Mixin InstanceOptions instance)
      throws RegistrationException, InterruptedException {
    Endpoint endpoint = instance.describe(address);
    try (Interruption interruption = Interruption.listen(STOP_GRACE, () -> {});
        Registrar registrar = open(registry);
        Registration registration = registrar.register(service, endpoint)) {
      console.note(service + ": registered " + EndpointView.line(registration.endpoint()));
      interruption.await();
      return ExitCode.INTERRUPTED;
    } catch (IllegalArgumentException refused) {
      throw CommandException.usage(String.valueOf(refused.getMessage()));
    }
  }

  /** Removes an instance. */
  @Command(name = "deregister", description = "Remove an instance, whoever registered it.")
  int deregister(
      @Option(names = "--registry", required = true, paramLabel = "URI", description = REGISTRY)
          URI registry,
      @Parameters(index = "0", paramLabel = "<service>", description = "Its service.")
          String service,
      @Parameters(index = "1", paramLabel = "<id>", description = "Its id.") String id)
      throws RegistrationException {
    try (Registrar registrar = open(registry)) {
      if (!registrar.deregister(service, id)) {
        throw CommandException.failed(
            "registry %s: service \"%s\" has no instance \"%s\"".formatted(registry, service, id));
      }
      return ExitCode.OK;
    } catch (IllegalArgumentException refused) {
      throw CommandException.usage(String.valueOf(refused.getMessage()));
    }
  }

  private void print(String service, List<Endpoint> instances) {
    if (console.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("service", service);
      json.put("instances", instances.stream().map(EndpointView::json).toList());
      console.jsonLine(json);
      return;
    }
    console.line(service);
    console.line(EndpointView.table(instances).indent(2).stripTrailing());
  }

  private static Registrar open(URI registry) {
    try {
      return Registrars.open(registry);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--registry: " + e.getMessage());
    }
  }
}
