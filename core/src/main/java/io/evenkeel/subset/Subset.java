package io.evenkeel.subset;

import io.evenkeel.Endpoint;
import io.evenkeel.policy.EndpointIdentity;
import io.evenkeel.policy.StableHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The endpoints that a client connects to, out of a list that is too long to connect to all.
 *
 * <h2>Rendezvous</h2>
 *
 * The client puts the endpoints in an order of its own, by a hash of its seed and of what
 * identifies them, and takes the first. A server that leaves is replaced by the next; one that
 * comes replaces at most one. By chance some servers get more clients than others: with 300
 * clients, 300 servers and 20 connections each, 20 on average, and about 9 to 33 at the extremes.
 *
 * <h2>Aperture</h2>
 *
 * All clients put the servers on one ring, in the same order. Client <i>i</i> of <i>n</i> takes the
 * arc that starts at <i>i/n</i> of the ring and is a multiple of <i>1/n</i> long, so that each
 * point of the ring is in equally many arcs. A server that is only partly in the arc gets calls by
 * that part; with it each server gets exactly the same load, as long as servers weigh the same and
 * clients call equally often. A change of the list or of the number of clients moves the ring under
 * all arcs, a little.
 *
 * <h2>Health</h2>
 *
 * As long as fewer than the wanted number are good, the next ones are taken in, at most all; when
 * endpoints recover, the last ones are let go. One that is not known to be bad counts as good, so a
 * client does not connect to everything while it starts.
 *
 * <p>A list takes O(n log n), a verdict O(1) over time. Not thread-safe: for the synchronization
 * context.
 *
 * @param <K> what the caller knows an endpoint by, with {@code equals}
 * @see <a href="https://www.eecs.umich.edu/techreports/cse/96/CSE-TR-316-96.pdf">Thaler,
 *     Ravishankar, A Name-Based Mapping Scheme for Rendezvous (1996)</a>
 * @see <a
 *     href="https://blog.x.com/engineering/en_us/topics/infrastructure/2019/daperture-load-balancer">Twitter,
 *     Deterministic Aperture (2019)</a>
 */
public final class Subset<K> {
  private static final Comparator<Place<?>> ORDER =
      Comparator.<Place<?>>comparingLong(Place::hash)
          // Processes that were registered with the same hash key.
          .thenComparing(place -> place.endpoint.displayAddress());

  private final long seed;
  private SubsetConfig config;
  private Optional<Peers> told = Optional.empty();
  private List<Place<K>> order = List.of();
  private Map<K, Integer> ranks = Map.of();
  private Arc arc = Arc.prefix(0, 0);

  private record Place<K>(K key, Endpoint endpoint, long identity, long hash) {

    Place<K> withHash(long hash) {
      return new Place<>(key, endpoint, identity, hash);
    }
  }

  /** A subset of no endpoints yet; {@code seed} is drawn at random by each client. */
  public Subset(SubsetConfig config, long seed) {
    this.config = config;
    this.seed = seed;
  }

  /** Chooses among {@code endpoints} from now on. Verdicts of those that stay chosen are kept. */
  public void choose(Map<K, Endpoint> endpoints) {
    List<Place<K>> places = new ArrayList<>(endpoints.size());
    endpoints.forEach(
        (key, endpoint) ->
            places.add(new Place<>(key, endpoint, EndpointIdentity.of(endpoint), 0)));
    arrange(places);
  }

  /** Chooses by {@code config} from now on. */
  public void use(SubsetConfig config) {
    if (!config.equals(this.config)) {
      this.config = config;
      arrange(order);
    }
  }

  /** Something else than the config knows where the client stands; what the config says wins. */
  public void use(Peers peers) {
    if (!told.equals(Optional.of(peers))) {
      told = Optional.of(peers);
      arrange(order);
    }
  }

  /**
   * Notes a verdict about {@code key}; says whether the choice has changed by that. Verdicts about
   * endpoints that are not chosen are ignored. A bad endpoint should stay so until it has proved
   * good, or the choice changes at each attempt to reach it.
   */
  public boolean judge(K key, Verdict verdict) {
    Integer rank = ranks.get(key);
    return rank != null && arc.judge(rank, verdict);
  }

  /** Those that are chosen now, the first to be connected first. Makes a list. */
  public List<K> chosen() {
    List<K> chosen = new ArrayList<>(arc.touched());
    for (int i = 0; i < arc.touched(); i++) {
      chosen.add(order.get((arc.first() + i) % order.size()).key);
    }
    return chosen;
  }

  /** Which part of its weight {@code key} has for this client, 0 to 1; 0 when it is not chosen. */
  public double fraction(K key) {
    Integer rank = ranks.get(key);
    return rank == null ? 0 : arc.fraction(rank);
  }

  private void arrange(List<Place<K>> places) {
    List<K> bad = bad();
    Optional<Peers> peers = peers();
    long salt = peers.isPresent() ? 0 : seed;
    order =
        places.stream()
            .map(place -> place.withHash(StableHash.mix(place.identity ^ salt)))
            .sorted(ORDER)
            .toList();
    ranks = new HashMap<>(order.size() * 2);
    order.forEach(place -> ranks.put(place.key, ranks.size()));
    arc =
        peers
            .map(known -> Arc.ofPeer(order.size(), config.size(), known))
            .orElseGet(() -> Arc.prefix(order.size(), config.size()));
    arc.begin(
        bad.stream().map(key -> ranks.getOrDefault(key, -1)).filter(rank -> rank >= 0).toList());
  }

  private List<K> bad() {
    return IntStream.range(0, order.size())
        .filter(arc::isBad)
        .mapToObj(rank -> order.get(rank).key)
        .toList();
  }

  private Optional<Peers> peers() {
    if (config.algorithm() != SubsetConfig.Algorithm.APERTURE) {
      return Optional.empty();
    }
    return config.peers().or(() -> told);
  }
}
