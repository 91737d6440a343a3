package io.evenkeel.discovery.zookeeper;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.zookeeper.CuratorCodec.PortChoice;
import io.evenkeel.discovery.zookeeper.ZooKeeperCalls.Session;
import io.evenkeel.discovery.zookeeper.ZooKeeperErrors.Wish;
import io.evenkeel.registration.LeaseKeeper;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.registration.RegistrationRules;
import io.evenkeel.registration.RegistrationRules.Reach;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Registers instances in ZooKeeper as ephemeral nodes, which {@link LeaseKeeper} keeps.
 *
 * <p>A question is answered or fails within a third of the TTL, 2 s at least and 5 s at most, after
 * as long a wait for a connection where there is none, 3 s at most; {@link #register}, an update
 * and each closing within {@link LeaseKeeper#ANSWER_BOUND}. Thread-safe.
 */
final class ZooKeeperRegistrar implements Registrar {
  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration MAX_TIMEOUT = Duration.ofSeconds(5);
  private static final int TIMEOUTS_PER_TTL = 3;

  /** Bound on the tries to remove a node that changes all the time. */
  private static final int REMOVALS = 5;

  private final ZooKeeperTarget target;
  private final CuratorCodec codec = new CuratorCodec(PortChoice.PLAIN);
  private final ZooKeeperCalls calls;
  private final ZooKeeperLeaseStore store;
  private final LeaseKeeper keeper;

  /**
   * What the URI says of registering.
   *
   * @param ttl how long a session survives without a connection
   * @param reach who is to find the instances
   */
  record Setting(Duration ttl, Reach reach) {}

  ZooKeeperRegistrar(ZooKeeperTarget target, ZooKeeperAccess access, Setting setting) {
    Duration timeout = timeout(setting.ttl);
    this.target = target;
    this.calls =
        new ZooKeeperCalls(
            target,
            () -> ZooKeeperClient.open(target.memberList(), access.read(), setting.ttl, timeout),
            setting.ttl,
            timeout);
    this.store = new ZooKeeperLeaseStore(target, codec, calls, setting.ttl);
    this.keeper = new LeaseKeeper(store, setting.reach, "evenkeel-zookeeper-lease");
  }

  private static Duration timeout(Duration ttl) {
    Duration part = ttl.dividedBy(TIMEOUTS_PER_TTL);
    Duration least = part.compareTo(MIN_TIMEOUT) < 0 ? MIN_TIMEOUT : part;
    return least.compareTo(MAX_TIMEOUT) > 0 ? MAX_TIMEOUT : least;
  }

  @Override
  public void check(String service, Endpoint endpoint) {
    keeper.check(service, endpoint);
  }

  @Override
  public Registration register(String service, Endpoint endpoint) throws RegistrationException {
    return keeper.register(service, endpoint);
  }

  @Override
  public boolean deregister(String service, String id) throws RegistrationException {
    RegistrationRules.checkService(service);
    RegistrationRules.checkId(id);
    boolean removed = keeper.deregister(service, id);
    String directory = target.child(service);
    for (String node : calls.ask(Wish.read(directory), session -> nodes(session, directory, id))) {
      removed |= remove(node);
    }
    return removed;
  }

  /**
   * Those of the instance {@code id}: the one that is named after it, whatever it holds, and those
   * of Curator's type {@code DYNAMIC_SEQUENTIAL}, to whose names ZooKeeper has added a number.
   */
  private List<String> nodes(Session session, String directory, String id)
      throws KeeperException, InterruptedException {
    List<String> nodes = new ArrayList<>();
    for (String name : children(session, directory)) {
      if (name.equals(NodeNames.of(id)) || id.equals(id(session, directory, name))) {
        nodes.add(directory + "/" + name);
      }
    }
    return nodes;
  }

  private String id(Session session, String directory, String name)
      throws KeeperException, InterruptedException {
    byte[] data = data(session, directory + "/" + name);
    return data == null ? name : codec.id(name, data);
  }

  /** Whether it was there. */
  private boolean remove(String node) throws RegistrationException {
    for (int i = 0; i < REMOVALS; i++) {
      Stat found = calls.ask(Wish.read(node), session -> session.handle().exists(node, false));
      if (found == null) {
        return false;
      }
      Wish wish = Wish.write(target.path());
      if (calls.ask(wish, session -> store.tombstones().remove(session, node, found))) {
        return true;
      }
    }
    throw new RegistrationException(
        "%s: \"%s\" was not removed: it changed each time".formatted(target.describe(), node));
  }

  @Override
  public List<String> services() throws RegistrationException {
    return calls.ask(Wish.read(target.path()), this::services);
  }

  private List<String> services(Session session) throws KeeperException, InterruptedException {
    TreeSet<String> services = new TreeSet<>();
    for (String name : children(session, target.path())) {
      if (isServiceName(name) && hasVisibleInstance(session, target.child(name))) {
        services.add(name);
      }
    }
    return List.copyOf(services);
  }

  private static boolean isServiceName(String name) {
    try {
      RegistrationRules.checkService(name);
      return true;
    } catch (IllegalArgumentException notOfAService) {
      return false;
    }
  }

  /** Others' services, which this client may not read, must not hide its own. */
  private boolean hasVisibleInstance(Session session, String directory)
      throws KeeperException, InterruptedException {
    try {
      for (String name : children(session, directory)) {
        if (read(session, directory, name) != null) {
          return true;
        }
      }
      return false;
    } catch (KeeperException.NoAuthException notForUs) {
      return false;
    }
  }

  @Override
  public List<Endpoint> instances(String service) throws RegistrationException {
    String directory = target.child(RegistrationRules.checkService(service));
    return calls.ask(Wish.read(directory), session -> instances(session, directory));
  }

  private List<Endpoint> instances(Session session, String directory)
      throws KeeperException, InterruptedException {
    List<Endpoint> instances = new ArrayList<>();
    for (String name : children(session, directory)) {
      Endpoint endpoint = read(session, directory, name);
      if (endpoint != null) {
        instances.add(endpoint);
      }
    }
    instances.sort(Comparator.comparing(Endpoint::id));
    return instances;
  }

  private static List<String> children(Session session, String directory)
      throws KeeperException, InterruptedException {
    try {
      return session.handle().getChildren(directory, false);
    } catch (KeeperException.NoNodeException nothingThere) {
      return List.of();
    }
  }

  /** The instance in the node {@code name}, or null if there is none. */
  private @Nullable Endpoint read(Session session, String directory, String name)
      throws KeeperException, InterruptedException {
    byte[] data = data(session, directory + "/" + name);
    try {
      return data == null ? null : codec.read(name, data);
    } catch (IllegalArgumentException noInstance) {
      return null;
    }
  }

  /** What {@code node} holds; null where that is nothing, and where this client may not read it. */
  private static byte @Nullable [] data(Session session, String node)
      throws KeeperException, InterruptedException {
    try {
      return session.handle().getData(node, false, null);
    } catch (KeeperException.NoNodeException | KeeperException.NoAuthException notForUs) {
      return null;
    }
  }

  @Override
  public void close() {
    keeper.close();
    calls.close();
  }

  @Override
  public String toString() {
    return target.describe();
  }
}
