package io.evenkeel.discovery.zookeeper;

import io.evenkeel.discovery.RegistryTls;
import io.evenkeel.discovery.zookeeper.ZooKeeperAccess.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.ACLProvider;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ZKConfig;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/**
 * One session with an ensemble, and after its end the next one; any number of services are watched
 * by it.
 *
 * <p>Curator looks after connection and session. Questions go to ZooKeeper's own handle: their
 * answers and the watches' events come in the order in which ZooKeeper made them, so that what is
 * read because of an event is at least as new as the event. They are not repeated.
 *
 * <p>A service costs one watch, which is persistent and recursive: it needs not be set again after
 * each event, and hears of nodes that do not exist yet. What happened while there was no connection
 * it does not tell; who watches reads everything when there is one again.
 *
 * <p>Five threads, with TLS six, all daemons. Thread-safe; nothing blocks but {@link #close}.
 */
final class ZooKeeperClient implements AutoCloseable {
  private static final String THREAD_NAME = "evenkeel-zookeeper";

  /**
   * Bound on an answer, such as the names of a service's nodes: some 400,000 of those. An answer
   * that is larger ends the connection, which ZooKeeper's default does at 1 MiB.
   */
  private static final int MAX_ANSWER_BYTES = 16 << 20;

  private final CuratorFramework curator;
  private final Identity identity;
  private final @Nullable ZooKeeperKeyStores stores;
  private final Watcher changes = this::changed;
  private final Map<String, Set<Listener>> listeners = new ConcurrentHashMap<>();

  /** Hears of connection and nodes, from threads that must not be blocked. */
  interface Listener {

    /** There is a connection, or was a moment ago. */
    void onConnected();

    /** There is none, or was none a moment ago; {@link #onConnected} follows if there is again. */
    void onDisconnected();

    /** The node {@code name} below the watched one was made, changed or deleted. */
    void onChange(String name);
  }

  private ZooKeeperClient(
      CuratorFramework curator, Identity identity, @Nullable ZooKeeperKeyStores stores) {
    this.curator = curator;
    this.identity = identity;
    this.stores = stores;
  }

  /**
   * Begins to connect.
   *
   * @param memberList as {@code host:port,host:port}
   * @param session how long it survives without a connection; the ensemble has bounds of its own
   * @param answer bound on questions that wait for their answer
   * @throws IOException if the key stores for TLS cannot be written
   */
  static ZooKeeperClient open(
      String memberList, Identity identity, Duration session, Duration answer) throws IOException {
    ZooKeeperKeyStores stores =
        identity.tls() == null ? null : ZooKeeperKeyStores.write(identity.tls());
    ZKClientConfig config = config(answer);
    if (stores != null) {
      stores.applyTo(config);
    }
    CuratorFramework curator =
        CuratorFrameworkFactory.builder()
            .connectString(memberList)
            .sessionTimeoutMs(Math.toIntExact(session.toMillis()))
            .connectionTimeoutMs(Math.toIntExact(answer.toMillis()))
            .retryPolicy(new RetryNTimes(0, 0))
            // The members are those of the target, which may be seen under other addresses.
            .ensembleTracker(false)
            .zkClientConfig(config)
            .zookeeperFactory(new NamedThreads())
            .threadFactory(ZooKeeperClient::newThread)
            .authorization(identity.login().authorization())
            .build();
    ZooKeeperClient client = new ZooKeeperClient(curator, identity, stores);
    curator.getConnectionStateListenable().addListener((same, state) -> client.moved(state));
    curator.start();
    return client;
  }

  private static ZKClientConfig config(Duration answer) {
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT, Long.toString(answer.toMillis()));
    if (System.getProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY) == null) {
      // Else each connection waits for a reverse lookup of the member's address.
      config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
    }
    if (System.getProperty(ZKConfig.JUTE_MAXBUFFER) == null) {
      config.setProperty(ZKConfig.JUTE_MAXBUFFER, Integer.toString(MAX_ANSWER_BYTES));
    }
    return config;
  }

  private static Thread newThread(Runnable task) {
    Thread thread = new Thread(task, THREAD_NAME);
    thread.setDaemon(true);
    return thread;
  }

  ZooKeeperLogin login() {
    return identity.login();
  }

  /** Null where it talks plain text. */
  @Nullable RegistryTls tls() {
    return identity.tls();
  }

  /** What nodes are made with. */
  ACLProvider acls() {
    return new ACLProvider() {
      @Override
      public List<ACL> getDefaultAcl() {
        return login().acl();
      }

      @Override
      public List<ACL> getAclForPath(String path) {
        return login().acl();
      }
    };
  }

  boolean isConnected() {
    return curator.getZookeeperClient().isConnected();
  }

  /** Waits for a connection; false if there is none within {@code bound}. */
  boolean awaitConnected(Duration bound) throws InterruptedException {
    return isConnected()
        || curator.blockUntilConnected(Math.toIntExact(bound.toMillis()), TimeUnit.MILLISECONDS);
  }

  /**
   * The handle of the present session, for questions.
   *
   * @throws Exception if there is none
   */
  ZooKeeper handle() throws Exception {
    return curator.getZookeeperClient().getZooKeeper();
  }

  /**
   * Tells {@code listener} of the connection and, once it is {@link #arm armed}, of {@code path}.
   */
  synchronized void watch(String path, Listener listener) {
    listeners.computeIfAbsent(path, none -> ConcurrentHashMap.newKeySet()).add(listener);
  }

  /** Sees to it that ZooKeeper tells of nodes below {@code path}; harmless where it does. */
  synchronized void arm(String path, AsyncCallback.VoidCallback answer) {
    ZooKeeper connected = connected();
    if (connected == null) {
      answer.processResult(Code.CONNECTIONLOSS.intValue(), path, null);
    } else {
      connected.addWatch(path, changes, AddWatchMode.PERSISTENT_RECURSIVE, answer, null);
    }
  }

  /** Ends what {@link #watch} began; the last to leave a path ends its watch in ZooKeeper. */
  synchronized void unwatch(String path, Listener listener) {
    Set<Listener> left = listeners.getOrDefault(path, Set.of());
    if (!left.remove(listener) || !left.isEmpty()) {
      return;
    }
    listeners.remove(path);
    ZooKeeper connected = connected();
    if (connected != null) {
      // What fails here is told to nobody at most until the session ends.
      connected.removeAllWatches(
          path, Watcher.WatcherType.Any, true, (code, same, context) -> {}, null);
    }
  }

  /** Asks for the names of the nodes below {@code path}. */
  void children(String path, AsyncCallback.ChildrenCallback answer) {
    ZooKeeper connected = connected();
    if (connected == null) {
      answer.processResult(Code.CONNECTIONLOSS.intValue(), path, null, null);
    } else {
      connected.getChildren(path, false, answer, null);
    }
  }

  /** Asks for the data of {@code path}. */
  void data(String path, AsyncCallback.DataCallback answer) {
    ZooKeeper connected = connected();
    if (connected == null) {
      answer.processResult(Code.CONNECTIONLOSS.intValue(), path, null, null, null);
    } else {
      connected.getData(path, false, answer, null);
    }
  }

  private @Nullable ZooKeeper connected() {
    try {
      return isConnected() ? handle() : null;
    } catch (Exception lostMeanwhile) {
      return null;
    }
  }

  private void moved(ConnectionState state) {
    Set<Listener> all = new HashSet<>();
    listeners.values().forEach(all::addAll);
    if (state.isConnected()) {
      all.forEach(Listener::onConnected);
    } else {
      all.forEach(Listener::onDisconnected);
    }
  }

  private void changed(WatchedEvent event) {
    String path = event.getPath();
    if (path == null || event.getType() == Watcher.Event.EventType.None) {
      return;
    }
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    listeners
        .getOrDefault(path.substring(0, Math.max(slash, 0)), Set.of())
        .forEach(listener -> listener.onChange(name));
  }

  /** Ends the session, and with it the nodes that stand under it. Safe to call twice. */
  @Override
  public void close() {
    curator.close();
    if (stores != null) {
      stores.close();
    }
  }

  /** ZooKeeper names its threads after the one that makes the handle, whichever that is. */
  private static final class NamedThreads implements ZookeeperFactory {
    @Override
    public ZooKeeper newZooKeeper(
        String memberList, int sessionMillis, Watcher watcher, boolean readOnly) throws Exception {
      return newZooKeeper(memberList, sessionMillis, watcher, readOnly, new ZKClientConfig());
    }

    @Override
    public ZooKeeper newZooKeeper(
        String memberList,
        int sessionMillis,
        Watcher watcher,
        boolean readOnly,
        ZKClientConfig config)
        throws Exception {
      Thread current = Thread.currentThread();
      String name = current.getName();
      current.setName(THREAD_NAME);
      try {
        return new ZooKeeper(memberList, sessionMillis, watcher, readOnly, config);
      } finally {
        current.setName(name);
      }
    }
  }
}
