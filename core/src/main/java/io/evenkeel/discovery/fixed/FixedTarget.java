package io.evenkeel.discovery.fixed;

import com.google.common.base.Splitter;
import io.evenkeel.Endpoint;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.discovery.Authority;
import io.evenkeel.discovery.EndpointSet;
import io.evenkeel.discovery.HostPort;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the endpoints out of a {@code fixed} target. */
final class FixedTarget {
  private static final String EXAMPLE = "fixed:///10.0.0.1:8080;weight=9,10.0.0.2:8080";
  private static final Splitter ENTRIES = Splitter.on(',').trimResults();
  private static final Splitter PARTS = Splitter.on(';').trimResults();

  private FixedTarget() {}

  /**
   * The endpoints in the order of the target; those with a host name are unresolved.
   *
   * @throws IllegalArgumentException quoting the entry that is malformed
   */
  static EndpointSet parse(URI target) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String entry : ENTRIES.split(list(target))) {
      try {
        endpoints.add(endpoint(entry));
      } catch (IllegalArgumentException e) {
        throw malformed(target, "entry \"" + entry + "\": " + e.getMessage());
      }
    }
    return EndpointSet.of(endpoints).withAuthority(Authority.ENDPOINT);
  }

  private static String list(URI target) {
    if (target.getRawAuthority() != null) {
      throw malformed(target, "the list begins after three slashes, not two");
    }
    if (target.getRawQuery() != null || target.getRawFragment() != null) {
      throw malformed(target, "'?' and '#' mean nothing here");
    }
    String path = target.isOpaque() ? target.getSchemeSpecificPart() : target.getPath();
    String list = path.startsWith("/") ? path.substring(1) : path;
    if (list.isEmpty()) {
      throw malformed(target, "lists no endpoint");
    }
    return list;
  }

  private static Endpoint endpoint(String entry) {
    List<String> parts = PARTS.splitToList(entry);
    InetSocketAddress address = HostPort.parse(parts.get(0));
    ConfigReader settings = new ConfigReader("", settings(parts.subList(1, parts.size())));
    Endpoint endpoint =
        new Endpoint(
            settings.stringValue("id", HostPort.format(address)),
            List.of(address),
            settings.intValue("weight", Endpoint.DEFAULT_WEIGHT, 0, Endpoint.MAX_WEIGHT),
            settings.stringValue("zone", ""),
            settings.intValue("priority", 0, 0, Integer.MAX_VALUE),
            Map.of());
    settings.rejectUnknownFields();
    return endpoint;
  }

  private static Map<String, String> settings(List<String> parts) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String part : parts) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException(
            "\"" + part + "\" (expected: name=value, such as weight=9)");
      }
      String name = part.substring(0, equals);
      if (settings.put(name, part.substring(equals + 1)) != null) {
        throw new IllegalArgumentException("\"" + name + "\" is given twice");
      }
    }
    return settings;
  }

  private static IllegalArgumentException malformed(URI target, String why) {
    return new IllegalArgumentException(
        "target \"" + target + "\": " + why + " (example: " + EXAMPLE + ")");
  }
}
