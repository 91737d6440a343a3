package io.evenkeel.discovery.zookeeper;

import io.evenkeel.discovery.RegistryTls;
import io.evenkeel.discovery.zookeeper.ZooKeeperErrors.Wish;
import io.evenkeel.registration.RegistrationException;
import java.io.IOException;
import java.time.Duration;
import org.apache.curator.utils.ZKPaths;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * Questions to ZooKeeper that wait for their answer, under a session of their own.
 *
 * <p>The client behind them finds its way back after lost connections, and begins another session
 * where ZooKeeper has ended one. If it has not answered for longer than two sessions last, it is
 * dropped and the next question opens another one.
 *
 * <p>Thread-safe.
 */
final class ZooKeeperCalls implements AutoCloseable {
  /** Bound on the wait for a connection: who registers waits 5 s, and is to hear of that. */
  private static final Duration MAX_CONNECT = Duration.ofSeconds(3);

  private final ZooKeeperTarget target;
  private final Factory clients;
  private final Duration timeout;
  private final long dropAfterNanos;
  private @Nullable ZooKeeperClient client; // guarded by this
  private long answeredNanos; // guarded by this; or when the client was opened
  private boolean closed; // guarded by this

  /** Opens a client; may block. */
  interface Factory {
    ZooKeeperClient open() throws IOException;
  }

  /** What is asked of a session; blocks until it is answered. */
  interface Question<T extends @Nullable Object> {
    T ask(Session session) throws KeeperException, InterruptedException;
  }

  /** The present session. */
  record Session(ZooKeeper handle, ZooKeeperClient client) {

    /** Makes the nodes above {@code path}, which ZooKeeper removes again when they are empty. */
    void makeParents(String path) throws KeeperException, InterruptedException {
      try {
        ZKPaths.mkdirs(handle, path, false, client.acls(), true);
      } catch (KeeperException | InterruptedException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    long id() {
      return handle.getSessionId();
    }
  }

  /**
   * Opens nothing yet.
   *
   * @param session how long a session survives without a connection
   * @param timeout bound on the wait for each answer, and on that for a connection before it, which
   *     takes 3 s at most
   */
  ZooKeeperCalls(ZooKeeperTarget target, Factory clients, Duration session, Duration timeout) {
    this.target = target;
    this.clients = clients;
    this.timeout = timeout;
    this.dropAfterNanos = session.multipliedBy(2).plus(timeout).toNanos();
  }

  /**
   * Asks and waits for the answer.
   *
   * @param wish what it is for, for the message if ZooKeeper refuses
   * @throws RegistrationException with a {@link KeeperException} as its cause if ZooKeeper refused
   */
  <T extends @Nullable Object> T ask(Wish wish, Question<T> question) throws RegistrationException {
    ZooKeeperClient used = client();
    try {
      Duration connect = timeout.compareTo(MAX_CONNECT) < 0 ? timeout : MAX_CONNECT;
      if (!used.awaitConnected(connect)) {
        dropIfLost(used);
        throw new RegistrationException(
            "%s: no connection to any member within %d ms%s"
                .formatted(target.describe(), connect.toMillis(), tlsProblem(used)));
      }
      T answer = question.ask(new Session(used.handle(), used));
      answered(used);
      return answer;
    } catch (KeeperException e) {
      if (!isRefusal(e.code())) {
        dropIfLost(used);
      }
      throw new RegistrationException(
          ZooKeeperErrors.explain(target, used.login(), wish, e.code()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RegistrationException(
          target.describe() + ": interrupted while waiting for the answer", e);
    } catch (RegistrationException e) {
      throw e;
    } catch (Exception e) {
      dropIfLost(used);
      throw new RegistrationException(target.describe() + ": " + e, e);
    }
  }

  private String tlsProblem(ZooKeeperClient used) {
    RegistryTls tls = used.tls();
    return tls == null ? "" : ZooKeeperHandshake.problem(target, tls);
  }

  private static boolean isRefusal(Code code) {
    return switch (code) {
      case NOAUTH, INVALIDACL, NOCHILDRENFOREPHEMERALS, QUOTAEXCEEDED -> true;
      default -> false;
    };
  }

  private synchronized ZooKeeperClient client() throws RegistrationException {
    if (closed) {
      throw new IllegalStateException(target.describe() + " is closed");
    }
    if (client == null) {
      try {
        client = clients.open();
      } catch (IOException e) {
        throw new RegistrationException(target.describe() + ": " + e.getMessage(), e);
      }
      answeredNanos = System.nanoTime();
    }
    return client;
  }

  private synchronized void answered(ZooKeeperClient by) {
    if (by == client) {
      answeredNanos = System.nanoTime();
    }
  }

  private synchronized void dropIfLost(ZooKeeperClient failed) {
    if (failed == client && System.nanoTime() - answeredNanos > dropAfterNanos) {
      endSession();
    }
  }

  /** Ends the session, if there is one, and with it all nodes that stand under it. */
  synchronized void endSession() {
    if (client != null) {
      client.close();
      client = null;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    endSession();
  }
}
