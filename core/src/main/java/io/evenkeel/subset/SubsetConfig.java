package io.evenkeel.subset;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.config.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * To how many endpoints a client connects, and to which.
 *
 * @param size how many endpoints that take calls are wanted, 1 to 100,000, 20 by default; an
 *     aperture has more where clients are so few that all servers need it
 * @param algorithm how they are chosen, {@code rendezvous} by default
 * @param peers the client among all clients, for {@code aperture}; empty when something else will
 *     tell
 */
public record SubsetConfig(int size, Algorithm algorithm, Optional<Peers> peers) {
  private static final int DEFAULT_SIZE = 20;
  private static final int MOST = 100_000;

  /** How endpoints are chosen. */
  public enum Algorithm {
    /**
     * Each client draws its own. Needs to know nothing, and one server that comes or goes moves one
     * connection; but how many clients a server gets is left to chance.
     */
    RENDEZVOUS,
    /**
     * Clients share the servers out evenly. Needs to know which of how many clients this one is,
     * and draws like {@link #RENDEZVOUS} until then.
     */
    APERTURE
  }

  /**
   * Reads {@code subset} of the {@code evenkeel} object; empty when it is not there, and then a
   * client connects to all endpoints.
   *
   * @throws ConfigException naming the field that is wrong
   */
  public static Optional<SubsetConfig> parse(ConfigReader evenkeel) {
    boolean wanted = evenkeel.fieldNames().contains("subset");
    ConfigReader subset = evenkeel.object("subset");
    return wanted ? Optional.of(read(subset)) : Optional.empty();
  }

  private static SubsetConfig read(ConfigReader subset) {
    Algorithm algorithm = algorithm(subset);
    return new SubsetConfig(
        subset.intValue("size", DEFAULT_SIZE, 1, MOST), algorithm, peers(subset, algorithm));
  }

  private static Algorithm algorithm(ConfigReader subset) {
    String given = subset.stringValue("algorithm", spelled(Algorithm.RENDEZVOUS));
    List<String> names = Arrays.stream(Algorithm.values()).map(SubsetConfig::spelled).toList();
    int found = names.indexOf(given);
    if (found < 0) {
      throw new ConfigException(
          subset.path()
              + ".algorithm: unknown algorithm \""
              + given
              + "\" "
              + NearestName.hint(given, names));
    }
    return Algorithm.values()[found];
  }

  private static String spelled(Algorithm algorithm) {
    return algorithm.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Peers> peers(ConfigReader subset, Algorithm algorithm) {
    List<String> given = subset.fieldNames();
    int count = subset.intValue("peerCount", 1, 1, Peers.MOST);
    int index = subset.intValue("peerIndex", 0, 0, Peers.MOST - 1);
    if (!given.contains("peerCount") && !given.contains("peerIndex")) {
      return Optional.empty();
    }
    if (algorithm != Algorithm.APERTURE) {
      throw new ConfigException(
          subset.path()
              + ": peerIndex and peerCount without effect (expected: only with \"algorithm\":"
              + " \"aperture\")");
    }
    if (!given.contains("peerCount") || !given.contains("peerIndex")) {
      throw new ConfigException(
          subset.path() + ": only one of peerIndex and peerCount (expected: both or neither)");
    }
    if (index >= count) {
      throw subset.wrong("peerIndex", index, "less than peerCount, which is " + count);
    }
    return Optional.of(new Peers(index, count));
  }
}
