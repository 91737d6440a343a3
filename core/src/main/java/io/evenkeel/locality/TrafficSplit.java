package io.evenkeel.locality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Splits the calls among groups of endpoints.
 *
 * <h2>Priorities</h2>
 *
 * The health of a priority is the part of its endpoints that are good, times the overprovisioning,
 * at most 1. The first priority gets as many of the calls as it has health, the next as many of the
 * rest, and so on; when all together have less than 1, each gets its part of that. Endpoints that
 * are connected for the first time count neither way, so the first that is ready serves at once.
 *
 * <h2>Panic</h2>
 *
 * While all priorities together cannot bear the calls, one with fewer good endpoints than the
 * threshold uses all that are connected, if more are: many verdicts at once are more likely wrong
 * than right, and the few that are left would break too. When all priorities panic, each gets calls
 * by the number of its endpoints.
 *
 * <h2>Zones</h2>
 *
 * Within a priority a zone bears what its good endpoints get when every good one gets the same; or,
 * if that is more, the overprovisioning times what they get while all endpoints are good, at most
 * what the whole zone gets then. As long as that is as large a part of the calls as the client's
 * zone has of the clients, calls stay. If not, the zone keeps what it bears. The rest goes to the
 * zones whose good endpoints would get more by an even spread than their own clients send, in
 * proportion to the difference. When all clients split like this, no zone gets more than it bears,
 * so the first endpoint of a lost zone that comes back does not get the calls of all that are still
 * away.
 *
 * <p>Stateless. Takes time in proportion to the number of groups.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/priority">Envoy,
 *     Priority levels; Panic threshold; Zone aware routing</a>
 */
public final class TrafficSplit {
  /** Shares that differ by less are the same: rounding must not send a call across zones. */
  private static final double ROUNDING = 1e-9;

  private TrafficSplit() {}

  /**
   * What a group gets.
   *
   * @param part of the calls, 0 to 1
   * @param panics whether all its endpoints that are connected are to be used, good or bad
   */
  public record Share(double part, boolean panics) {}

  /**
   * The share of each of {@code groups}, in their order. The parts add up to 1, or are all 0 when
   * no group has an endpoint that could take a call.
   */
  public static List<Share> of(LocalityConfig config, List<Locality> groups) {
    List<Level> levels = levels(config, groups);
    double[] parts = partsOf(levels);
    Share[] shares = new Share[groups.size()];
    for (int i = 0; i < parts.length; i++) {
      splitByZone(levels.get(i), parts[i], config, groups, shares);
    }
    return List.of(shares);
  }

  /** A priority: its groups by index, and what they are together. */
  private record Level(List<Integer> indexes, Locality sum, double health, boolean tooFew) {

    /** Whether endpoints come back by it: dead ones cannot be used however bad things are. */
    boolean panics() {
      return tooFew && sum.usable() > sum.good();
    }
  }

  private static List<Level> levels(LocalityConfig config, List<Locality> groups) {
    Map<Integer, List<Integer>> priorities = new TreeMap<>();
    for (int i = 0; i < groups.size(); i++) {
      priorities.computeIfAbsent(groups.get(i).priority(), p -> new ArrayList<>()).add(i);
    }
    double total = 0;
    for (List<Integer> indexes : priorities.values()) {
      total += health(sumOf(groups, indexes), config);
    }
    boolean bearable = total >= 1 - ROUNDING;
    List<Level> levels = new ArrayList<>();
    for (List<Integer> indexes : priorities.values()) {
      Locality sum = sumOf(groups, indexes);
      boolean few = 100.0 * sum.good() < (double) config.panicThreshold() * sum.judged();
      levels.add(new Level(indexes, sum, health(sum, config), few && !bearable));
    }
    return levels;
  }

  private static Locality sumOf(List<Locality> groups, List<Integer> indexes) {
    int judged = 0;
    int good = 0;
    int usable = 0;
    for (int index : indexes) {
      judged += groups.get(index).judged();
      good += groups.get(index).good();
      usable += groups.get(index).usable();
    }
    return new Locality(groups.get(indexes.get(0)).priority(), "", judged, good, usable);
  }

  private static double health(Locality sum, LocalityConfig config) {
    return sum.judged() == 0
        ? 0
        : Math.min(1, config.overprovisioning() / 100.0 * sum.good() / sum.judged());
  }

  private static double[] partsOf(List<Level> levels) {
    // A priority in which nothing is usable stands aside when the others panic.
    boolean allTooFew = levels.stream().allMatch(level -> level.tooFew || level.sum.usable() == 0);
    double total = Math.min(1, levels.stream().mapToDouble(Level::health).sum());
    double[] parts = new double[levels.size()];
    double left = 1;
    for (int i = 0; i < parts.length; i++) {
      Level level = levels.get(i);
      if (allTooFew) {
        parts[i] = level.sum.usable();
      } else if (total > 0) {
        parts[i] = Math.min(left, level.health / total);
        left = Math.max(0, left - parts[i]);
      }
    }
    return normalized(parts);
  }

  private static void splitByZone(
      Level level, double part, LocalityConfig config, List<Locality> groups, Share[] shares) {
    boolean panics = level.panics();
    List<Locality> zones =
        level.indexes.stream()
            .map(groups::get)
            .map(zone -> panics ? zone.usingAll() : zone)
            .toList();
    double[] parts = inZones(zones, config);
    for (int i = 0; i < parts.length; i++) {
      shares[level.indexes.get(i)] = new Share(part * parts[i], panics);
    }
  }

  private static double[] inZones(List<Locality> zones, LocalityConfig config) {
    double[] even = normalized(zones.stream().mapToDouble(Locality::good).toArray());
    int local = config.zonesCount() ? indexOf(config.localZone(), zones) : -1;
    if (local < 0) {
      return even;
    }
    double[] clients = clients(zones, config);
    if (even[local] == 0) {
      return spill(even, clients, local, 0);
    }
    double borne = Math.max(even[local], overprovisioned(zones, local, config));
    if (borne >= clients[local] - ROUNDING) {
      double[] all = new double[even.length];
      all[local] = 1;
      return all;
    }
    return spill(even, clients, local, borne / clients[local]);
  }

  private static double overprovisioned(List<Locality> zones, int local, LocalityConfig config) {
    Locality zone = zones.get(local);
    double good = Math.min(zone.judged(), config.overprovisioning() / 100.0 * zone.good());
    return good / zones.stream().mapToInt(Locality::judged).sum();
  }

  /** Zones that are small for their own clients get nothing, even when the local one is lost. */
  private static double[] spill(double[] even, double[] clients, int local, double kept) {
    double[] spare = new double[even.length];
    Arrays.setAll(spare, i -> i == local ? 0 : Math.max(0, even[i] - clients[i]));
    if (Arrays.stream(spare).sum() <= ROUNDING) {
      return even;
    }
    double[] parts = normalized(spare);
    Arrays.setAll(parts, i -> i == local ? kept : (1 - kept) * parts[i]);
    return parts;
  }

  private static int indexOf(String zone, List<Locality> zones) {
    for (int i = 0; i < zones.size(); i++) {
      if (zones.get(i).zone().equals(zone)) {
        return i;
      }
    }
    return -1;
  }

  /** The part of the clients that call from each zone. */
  private static double[] clients(List<Locality> zones, LocalityConfig config) {
    double[] clients = new double[zones.size()];
    Arrays.setAll(clients, i -> config.clients().getOrDefault(zones.get(i).zone(), 0.0));
    if (Arrays.stream(clients).sum() == 0) {
      Arrays.fill(clients, 1);
    }
    return normalized(clients);
  }

  private static double[] normalized(double[] values) {
    double sum = Arrays.stream(values).sum();
    return sum == 0 ? values : Arrays.stream(values).map(value -> value / sum).toArray();
  }
}
