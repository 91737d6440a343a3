package io.evenkeel.discovery.zookeeper;

import io.evenkeel.discovery.zookeeper.ZooKeeperCalls.Session;
import io.evenkeel.discovery.zookeeper.ZooKeeperErrors.Wish;
import io.evenkeel.registration.Lease;
import io.evenkeel.registration.LeaseStore;
import io.evenkeel.registration.RegistrationException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Leases that are ephemeral nodes, all under the one session of a registrar, which the client keeps
 * alive by itself.
 */
final class ZooKeeperLeaseStore implements LeaseStore {
  private static final Logger log = System.getLogger(ZooKeeperLeaseStore.class.getName());

  /** Bound on the earlier sessions that are remembered; all but the last have long expired. */
  private static final int MAX_SESSIONS = 8;

  private final ZooKeeperTarget registry;
  private final CuratorCodec codec;
  private final ZooKeeperCalls calls;
  private final ZooKeeperTombstones tombstones;
  private final Duration ttl;
  private final Deque<Long> sessions = new ArrayDeque<>(); // the keeper's thread only

  ZooKeeperLeaseStore(
      ZooKeeperTarget registry, CuratorCodec codec, ZooKeeperCalls calls, Duration ttl) {
    this.registry = registry;
    this.codec = codec;
    this.calls = calls;
    this.tombstones = new ZooKeeperTombstones(registry);
    this.ttl = ttl;
  }

  @Override
  public Duration ttl() {
    return ttl;
  }

  @Override
  public Lease grant(String service, String id) throws RegistrationException {
    String directory = registry.child(service);
    Session present = calls.ask(Wish.write(directory), session -> session);
    remember(present);
    return new ZooKeeperLease(
        this,
        present.id(),
        new ZooKeeperLease.Entry(
            service, directory, node(service, id), System.currentTimeMillis()));
  }

  private void remember(Session present) {
    if (sessions.contains(present.id())) {
      return;
    }
    sessions.addLast(present.id());
    if (sessions.size() > MAX_SESSIONS) {
      sessions.removeFirst();
    }
    int granted = present.handle().getSessionTimeout();
    if (granted != ttl.toMillis()) {
      log.log(Level.INFO, "{0} lets sessions last {1} ms, not {2}", this, granted, ttl.toMillis());
    }
  }

  /** The node of an instance. */
  String node(String service, String id) {
    return registry.child(service) + "/" + NodeNames.of(id);
  }

  ZooKeeperCalls calls() {
    return calls;
  }

  CuratorCodec codec() {
    return codec;
  }

  ZooKeeperTombstones tombstones() {
    return tombstones;
  }

  /** Whether {@code session} is or was one of this registrar's. */
  boolean isOwn(long session) {
    return sessions.contains(session);
  }

  @Override
  public String toString() {
    return registry.describe();
  }
}
