package io.evenkeel.discovery.zookeeper;

import io.evenkeel.discovery.zookeeper.ZooKeeperCalls.Session;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.Stat;

/**
 * Deregistering instances of other processes.
 *
 * <p>A node that merely vanished is made again by its owner, which cannot tell a deletion from an
 * accident. So the same transaction that deletes it makes another one, for the owner to find:
 * {@code <registry>/.evenkeel/deregistered/<transaction>}, which no service can be called and which
 * names the transaction that had made the node, so that whoever registers the same id later is not
 * meant. Who deregisters next removes those that are old.
 */
final class ZooKeeperTombstones {
  /** How long an owner that is cut off or paused may take to find it. */
  private static final Duration AGE = Duration.ofMinutes(10);

  private final ZooKeeperTarget registry;

  ZooKeeperTombstones(ZooKeeperTarget registry) {
    this.registry = registry;
  }

  /** Where all of them stand. */
  String directory() {
    return registry.child(".evenkeel/deregistered");
  }

  private String path(long made) {
    return directory() + "/" + Long.toHexString(made);
  }

  /** Whether somebody has deregistered the node that the transaction {@code made} had made. */
  boolean exists(Session session, long made) throws KeeperException, InterruptedException {
    return session.handle().exists(path(made), false) != null;
  }

  /**
   * Removes the node {@code path} and tells its owner.
   *
   * @param seen of that node
   * @return whether it was still as it was seen; otherwise nothing was done
   */
  boolean remove(Session session, String path, Stat seen)
      throws KeeperException, InterruptedException {
    Op removal = Op.delete(path, seen.getVersion());
    try {
      if (seen.getEphemeralOwner() == 0) {
        session.handle().multi(List.of(removal));
        return true;
      }
      String tombstone = path(seen.getCzxid());
      session.makeParents(tombstone);
      session
          .handle()
          .multi(
              List.of(
                  removal,
                  Op.create(
                      tombstone,
                      new byte[0],
                      session.client().login().acl(),
                      CreateMode.PERSISTENT)));
    } catch (KeeperException.NoNodeException | KeeperException.BadVersionException e) {
      return false;
    }
    sweep(session, seen.getCzxid());
    return true;
  }

  /** ZooKeeper's own clock tells the age, by the newest one. */
  private void sweep(Session session, long newest) throws KeeperException, InterruptedException {
    Stat now = session.handle().exists(path(newest), false);
    if (now == null) {
      return;
    }
    for (String name : session.handle().getChildren(directory(), false)) {
      String path = directory() + "/" + name;
      Stat stat = session.handle().exists(path, false);
      if (stat != null && now.getCtime() - stat.getCtime() > AGE.toMillis()) {
        delete(session, path);
      }
    }
  }

  private static void delete(Session session, String path)
      throws KeeperException, InterruptedException {
    try {
      session.handle().delete(path, -1);
    } catch (KeeperException.NoNodeException | KeeperException.NoAuthException othersDoThat) {
      return;
    }
  }
}
