package io.evenkeel.locality;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How calls are split among priorities and zones.
 *
 * @param panicThreshold percent of good endpoints below which a priority uses all that are
 *     connected, 0 to 100, 50 by default; 0 for never
 * @param overprovisioning percent of its calls that a priority or a zone could bear, 100 to 1000,
 *     140 by default: with 140 it keeps all its calls until fewer than 72 % of its endpoints are
 *     good
 * @param preferLocal whether calls stay in the client's zone as far as it can bear them; true by
 *     default where a zone is known
 * @param localZone the zone of this client; empty when unknown, and then zones do not count
 * @param clients how many clients, or any number in that proportion, call from each zone; empty for
 *     as many from each
 */
public record LocalityConfig(
    int panicThreshold,
    int overprovisioning,
    boolean preferLocal,
    String localZone,
    Map<String, Double> clients) {

  private static final double MOST_CLIENTS = 1e9;

  public LocalityConfig {
    clients = Map.copyOf(clients);
  }

  /**
   * Reads {@code panicThreshold}, {@code overprovisioning} and {@code zone} of the {@code evenkeel}
   * object.
   *
   * @throws ConfigException naming the field that is wrong
   */
  public static LocalityConfig parse(ConfigReader evenkeel) {
    ConfigReader zone = evenkeel.object("zone");
    return new LocalityConfig(
        evenkeel.intValue("panicThreshold", 50, 0, 100),
        evenkeel.intValue("overprovisioning", 140, 100, 1000),
        zone.booleanValue("preferLocal", true),
        zone.stringValue("local", ""),
        clients(zone.object("clients")));
  }

  /** The same for a client in {@code zone}, unless the config names another. */
  public LocalityConfig in(String zone) {
    return localZone.isEmpty()
        ? new LocalityConfig(panicThreshold, overprovisioning, preferLocal, zone, clients)
        : this;
  }

  /** Whether it matters in which zone an endpoint is. */
  public boolean zonesCount() {
    return preferLocal && !localZone.isEmpty();
  }

  private static Map<String, Double> clients(ConfigReader given) {
    Map<String, Double> clients = new LinkedHashMap<>();
    for (String zone : given.fieldNames()) {
      clients.put(zone, given.doubleValue(zone, 0, 0, MOST_CLIENTS));
    }
    return clients;
  }
}
