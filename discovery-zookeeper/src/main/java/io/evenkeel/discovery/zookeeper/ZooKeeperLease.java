package io.evenkeel.discovery.zookeeper;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.zookeeper.ZooKeeperCalls.Session;
import io.evenkeel.discovery.zookeeper.ZooKeeperErrors.Wish;
import io.evenkeel.registration.Lease;
import io.evenkeel.registration.RegistrationException;
import java.util.Arrays;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * One session's right to one ephemeral node.
 *
 * <p>The session belongs to all instances of the registrar, so a node is known by the transaction
 * that made it too: what this lease has not made is another registration's. The first to write
 * takes a node by deleting it and making it anew, in one transaction.
 *
 * <p>Where it is not confirmed that the node is gone, the session is ended, since it would keep the
 * node for ever; the other instances of the registrar then move to the next session, in one
 * transaction each.
 */
final class ZooKeeperLease implements Lease {
  /** Bound on the tries to take a node that somebody else takes or leaves at the same time. */
  private static final int TAKES = 5;

  private static final int ANY_VERSION = -1;

  private final ZooKeeperLeaseStore store;
  private final long session;
  private final Entry entry;
  private @Nullable Stat seen; // of the node at the last look; null if there was none
  private long made; // the transaction that made the node; 0 until that is known
  private boolean written; // whether the node may have been made

  /**
   * What is registered where.
   *
   * @param directory the node of the service
   * @param path the node of the instance
   * @param grantedMillis when, in milliseconds since 1970
   */
  record Entry(String service, String directory, String path, long grantedMillis) {}

  ZooKeeperLease(ZooKeeperLeaseStore store, long session, Entry entry) {
    this.store = store;
    this.session = session;
    this.entry = entry;
  }

  @Override
  public State renew() throws RegistrationException {
    return store.calls().ask(Wish.read(entry.path), this::state);
  }

  private State state(Session present) throws KeeperException, InterruptedException {
    if (present.id() != session) {
      return State.LOST;
    }
    if (present.handle().exists(entry.path, false) != null) {
      return State.ALIVE;
    }
    return isDeregistered(present) ? State.DEREGISTERED : State.LOST;
  }

  /** Whether there is a tombstone; one that may not be read does not count. */
  private boolean isDeregistered(Session present) throws KeeperException, InterruptedException {
    return made != 0 && store.tombstones().exists(present, made);
  }

  @Override
  public Standing look(Endpoint endpoint) throws RegistrationException {
    return store.calls().ask(Wish.read(entry.path), present -> standing(present, endpoint));
  }

  private Standing standing(Session present, Endpoint endpoint)
      throws KeeperException, InterruptedException {
    Stat stat = new Stat();
    byte[] data;
    try {
      data = present.handle().getData(entry.path, false, stat);
    } catch (KeeperException.NoNodeException e) {
      seen = null;
      return isDeregistered(present) ? Standing.DEREGISTERED : Standing.MISSING;
    }
    seen = stat;
    if (stat.getEphemeralOwner() != session) {
      return store.isOwn(stat.getEphemeralOwner()) ? Standing.CHANGED : Standing.TAKEN;
    }
    made = stat.getCzxid();
    return Arrays.equals(data, value(endpoint)) ? Standing.AS_WRITTEN : Standing.CHANGED;
  }

  private byte[] value(Endpoint endpoint) {
    return store.codec().value(entry.service, endpoint, entry.grantedMillis);
  }

  @Override
  public void write(Endpoint endpoint, Claim claim) throws RegistrationException {
    byte[] value = value(endpoint);
    boolean done =
        store
            .calls()
            .ask(
                Wish.write(entry.directory),
                present -> claim == Claim.TAKE ? take(present, value) : mend(present, value));
    if (!done) {
      throw new RegistrationException(
          store + ": \"" + entry.path + "\" was not written: others wrote it each time");
    }
  }

  private boolean take(Session present, byte[] value) throws KeeperException, InterruptedException {
    for (int i = 0; i < TAKES; i++) {
      Stat found = present.handle().exists(entry.path, false);
      if (found == null ? make(present, value) : replace(present, found, value)) {
        return true;
      }
    }
    return false;
  }

  /** Writes over what the last look has seen; where that has changed, the next look tells. */
  private boolean mend(Session present, byte[] value) throws KeeperException, InterruptedException {
    Stat found = seen;
    if (found == null) {
      make(present, value);
    } else if (found.getEphemeralOwner() == session) {
      try {
        present.handle().setData(entry.path, value, found.getVersion());
      } catch (KeeperException.NoNodeException | KeeperException.BadVersionException changed) {
        return true;
      }
    } else {
      replace(present, found, value);
    }
    return true;
  }

  /** False if there is one. */
  private boolean make(Session present, byte[] value) throws KeeperException, InterruptedException {
    written = true;
    ZooKeeper handle = present.handle();
    try {
      try {
        handle.create(entry.path, value, present.client().login().acl(), CreateMode.EPHEMERAL);
      } catch (KeeperException.NoNodeException noService) {
        present.makeParents(entry.path);
        handle.create(entry.path, value, present.client().login().acl(), CreateMode.EPHEMERAL);
      }
      return true;
    } catch (KeeperException.NodeExistsException | KeeperException.NoNodeException changed) {
      return false;
    }
  }

  /** False if it is not the one that was {@code found} any more. */
  private boolean replace(Session present, Stat found, byte[] value)
      throws KeeperException, InterruptedException {
    written = true;
    try {
      present
          .handle()
          .multi(
              List.of(
                  Op.delete(entry.path, found.getVersion()),
                  Op.create(
                      entry.path, value, present.client().login().acl(), CreateMode.EPHEMERAL)));
      return true;
    } catch (KeeperException.NoNodeException | KeeperException.BadVersionException changed) {
      return false;
    }
  }

  @Override
  public void release() throws RegistrationException {
    try {
      store.calls().ask(Wish.write(entry.directory), this::delete);
    } catch (RegistrationException e) {
      store.calls().endSession();
      throw e;
    }
  }

  /** Whether there was a node of this lease. */
  private boolean delete(Session present) throws KeeperException, InterruptedException {
    Stat found = present.handle().exists(entry.path, false);
    if (found == null || !store.isOwn(found.getEphemeralOwner())) {
      return false;
    }
    if (found.getCzxid() != made && !(made == 0 && written)) {
      return false;
    }
    try {
      present.handle().delete(entry.path, ANY_VERSION);
      return true;
    } catch (KeeperException.NoNodeException goneAlready) {
      return false;
    }
  }
}
