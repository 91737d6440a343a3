package io.evenkeel.cli.serve;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.evenkeel.ChannelBuilder;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.cli.console.CommandException;
import io.evenkeel.cli.console.Console;
import io.evenkeel.cli.console.ExitCode;
import io.evenkeel.cli.console.FileProblem;
import io.evenkeel.cli.console.Interruption;
import io.evenkeel.config.NearestName;
import io.evenkeel.gateway.DescriptorSets;
import io.evenkeel.gateway.Gateway;
import io.evenkeel.gateway.GatewayBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a gateway from HTTP and JSON to gRPC services. */
@Command(
    name = "gateway",
    description = {
      "Turn HTTP and JSON into balanced gRPC calls until Ctrl-C or SIGTERM.",
      "",
      "The routes come from the google.api.http annotations of the services: the demo's, or those"
          + " of --descriptor-set. Each request is logged to standard error.",
      ""
    })
public final class GatewayCommand implements Callable<Integer> {
  private static final Duration STOP_GRACE = Duration.ofSeconds(30);

  private final Console console;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen on; 0 takes a free one. Default: 4000.")
  private int port = 4000;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Address to listen on. Default: all of this machine's.")
  private String host = "";

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      description = "Where services without an --upstream run.")
  private String target = "";

  @Option(
      names = "--upstream",
      paramLabel = "SERVICE=TARGET",
      description =
          "Where one service runs, as in order.OrderService=file:///run/orders. May be repeated.")
  private Map<String, String> upstreams = new LinkedHashMap<>();

  @Option(
      names = "--descriptor-set",
      paramLabel = "FILE",
      description = "What protoc --include_imports --descriptor_set_out=FILE wrote.")
  private @Nullable Path descriptorSet;

  @Option(names = "--tls", description = "Connect to the services with TLS. Default: without.")
  private boolean tls;

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      description = "Choose endpoints by this policy. Default: round_robin.")
  private String policy = "";

  public GatewayCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<EvenkeelChannel> channels = new ArrayList<>();
    try (Interruption interruption = Interruption.listen(STOP_GRACE, () -> {});
        Gateway gateway = start(routes(channels))) {
      console.line("gateway listening on port " + gateway.port());
      interruption.await();
    } finally {
      channels.forEach(EvenkeelChannel::shutdownNow);
    }
    return ExitCode.INTERRUPTED;
  }

  private Gateway start(GatewayBuilder routes) {
    if (!host.isEmpty()) {
      routes.host(host);
    }
    try {
      return routes.port(port).accessLog(entry -> console.note(entry.toString())).build().start();
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      String advice = port == 0 ? "" : "; --port 0 takes a free one";
      throw CommandException.failed(e.getMessage() + advice, e);
    }
  }

  private GatewayBuilder routes(List<EvenkeelChannel> channels) {
    GatewayBuilder routes = Gateway.builder();
    Map<String, EvenkeelChannel> byTarget = new LinkedHashMap<>();
    List<ServiceDescriptor> services = services();
    requireKnown(services);
    for (ServiceDescriptor service : services) {
      String where = upstreams.getOrDefault(service.getFullName(), target);
      if (!where.isEmpty()) {
        routes.route(service, byTarget.computeIfAbsent(where, this::open));
      }
    }
    channels.addAll(byTarget.values());
    if (channels.isEmpty()) {
      throw CommandException.usage("no service has a target (expected: --target or --upstream)");
    }
    return routes;
  }

  private EvenkeelChannel open(String where) {
    ChannelBuilder builder = Gateway.upstream(where);
    if (!policy.isEmpty()) {
      builder.policy(policy);
    }
    try {
      return (tls ? builder.tls() : builder.plaintext()).build();
    } catch (IllegalArgumentException e) {
      throw CommandException.target(where, e);
    }
  }

  private List<ServiceDescriptor> services() {
    if (descriptorSet == null) {
      return DemoSchemas.all();
    }
    String option = "--descriptor-set " + descriptorSet + ": ";
    List<ServiceDescriptor> services;
    try {
      services = DescriptorSets.services(descriptorSet);
    } catch (InvalidProtocolBufferException e) {
      throw CommandException.usage(option + "is no descriptor set: " + e.getMessage());
    } catch (IOException e) {
      throw CommandException.usage(option + FileProblem.of(e));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(option + e.getMessage());
    }
    if (services.isEmpty()) {
      throw CommandException.usage(option + "holds no service");
    }
    return services;
  }

  private void requireKnown(List<ServiceDescriptor> services) {
    List<String> names = services.stream().map(ServiceDescriptor::getFullName).toList();
    for (String stated : upstreams.keySet()) {
      if (!names.contains(stated)) {
        throw CommandException.usage(
            "--upstream " + stated + ": unknown service " + NearestName.hint(stated, names));
      }
    }
  }
}
