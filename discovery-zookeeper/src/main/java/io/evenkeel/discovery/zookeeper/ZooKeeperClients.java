package io.evenkeel.discovery.zookeeper;

import io.evenkeel.discovery.zookeeper.ZooKeeperAccess.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The clients that watch: one for each ensemble, user and TLS in the process, however many services
 * are watched, from the first who wants it to the last. Thread-safe.
 */
final class ZooKeeperClients {
  /** Those of this process. */
  static final ZooKeeperClients SHARED = new ZooKeeperClients();

  /** A member that went silent is left after two thirds of it. */
  private static final Duration SESSION = Duration.ofSeconds(9);

  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final Map<Key, ZooKeeperClient> current = new HashMap<>(); // guarded by this
  private final Map<ZooKeeperClient, Integer> users = new HashMap<>(); // guarded by this

  private record Key(String memberList, Identity identity) {}

  /** How somebody leaves a client. */
  enum Verdict {
    /** It works, as far as is known. */
    GOOD,
    /** It did not recover: whoever comes next gets another one. */
    SUSPECT
  }

  /**
   * The client for {@code target}, to be given back by {@link #release}. May block, as files are
   * read.
   *
   * @throws IOException naming the file that cannot be read
   */
  ZooKeeperClient acquire(ZooKeeperTarget target, ZooKeeperAccess access) throws IOException {
    Key key = new Key(target.memberList(), access.read());
    synchronized (this) {
      ZooKeeperClient client = current.get(key);
      if (client == null) {
        client = ZooKeeperClient.open(key.memberList, key.identity, SESSION, ANSWER);
        current.put(key, client);
      }
      users.merge(client, 1, Integer::sum);
      return client;
    }
  }

  /** Gives {@code client} back; the last one closes it. */
  synchronized void release(ZooKeeperClient client, Verdict verdict) {
    boolean last = users.merge(client, -1, Integer::sum) == 0;
    if (last || verdict == Verdict.SUSPECT) {
      current.values().remove(client);
    }
    if (last) {
      users.remove(client);
      // It says goodbye to ZooKeeper, which can take as long as an answer.
      Thread closing = new Thread(client::close, "evenkeel-zookeeper-close");
      closing.setDaemon(true);
      closing.start();
    }
  }
}
