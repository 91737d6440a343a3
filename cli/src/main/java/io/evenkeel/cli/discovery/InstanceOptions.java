package io.evenkeel.cli.discovery;

import io.evenkeel.Endpoint;
import io.evenkeel.cli.console.CommandException;
import io.evenkeel.discovery.HostPort;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that describe an instance to a registry. */
final class InstanceOptions {

  @Option(names = "--id", paramLabel = "ID", description = "Its id. Default: its address.")
  private String id = "";

  @Option(
      names = "--weight",
      paramLabel = "W",
      description = "Its share of the traffic. Default: 1.")
  private int weight = Endpoint.DEFAULT_WEIGHT;

  @Option(names = "--zone", paramLabel = "Z", description = "The failure domain it runs in.")
  private String zone = "";

  @Option(
      names = "--priority",
      paramLabel = "P",
      description = "0, the default, is used first; a higher number is a fallback.")
  private int priority;

  @Option(
      names = "--metadata",
      paramLabel = "KEY=VALUE",
      description = "What else to say of it. May be repeated.")
  private Map<String, String> metadata = new LinkedHashMap<>();

  Endpoint describe(String address) {
    try {
      Endpoint plain = Endpoint.of(HostPort.parse(address));
      return new Endpoint(
          id.isEmpty() ? plain.id() : id, plain.addresses(), weight, zone, priority, metadata);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }
}
