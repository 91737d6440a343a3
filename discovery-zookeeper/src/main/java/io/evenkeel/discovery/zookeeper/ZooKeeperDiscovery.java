package io.evenkeel.discovery.zookeeper;

import com.google.protobuf.ByteString;
import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryListener;
import io.evenkeel.discovery.RegistryTls;
import io.evenkeel.discovery.zookeeper.ZooKeeperClients.Verdict;
import io.evenkeel.discovery.zookeeper.ZooKeeperErrors.Wish;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Watches the instances of one service in ZooKeeper, by a client that all such watches share.
 *
 * <ul>
 *   <li>A look sets the watch, then lists the nodes, then reads each, so that no change falls
 *       between these. It happens at the start, with each {@link #refresh}, and with each new
 *       connection, as a watch does not tell what happened without one.
 *   <li>Of a change ZooKeeper tells the node only, which is then read. One that changes again
 *       before its turn is read once.
 *   <li>Errors do not end the client, which finds its way back by itself; a discovery that is
 *       closed while it fails gives it back as suspect, so that its successor gets another one.
 * </ul>
 *
 * <p>State belongs to {@code serial}. Nothing here blocks but opening a client, which the offload
 * executor does.
 */
final class ZooKeeperDiscovery implements Discovery {
  /** How long a look waits for a connection: so much an election among the members may take. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  /** A look that takes longer is the client's fault; its answers take two thirds of a session. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  /** Bound on the nodes of one service that are asked for at the same time. */
  private static final int MAX_READS = 200;

  private final ZooKeeperTarget target;
  private final DiscoveryContext context;
  private final ZooKeeperAccess access;
  private final ZooKeeperClients clients;
  private final ZooKeeperInstances instances;
  private final SynchronizationContext serial = new SynchronizationContext(this::broken);
  private final Changes changes = new Changes();
  private volatile boolean closed;

  private @Nullable DiscoveryListener listener;
  private @Nullable ZooKeeperClient client;
  private @Nullable Reading reading; // null without a connection
  private @Nullable ScheduledHandle patience;
  private boolean opening;
  private boolean looking;
  private boolean failing;
  private boolean publishing;
  private long lookBeganNanos;

  ZooKeeperDiscovery(
      ZooKeeperTarget target,
      CuratorCodec codec,
      DiscoveryContext context,
      ZooKeeperAccess access,
      ZooKeeperClients clients) {
    this.target = target;
    this.context = context;
    this.access = access;
    this.clients = clients;
    this.instances = new ZooKeeperInstances(codec);
  }

  @Override
  public void start(DiscoveryListener listener) {
    serial.execute(
        () -> {
          this.listener = listener;
          look();
        });
  }

  @Override
  public void refresh() {
    serial.execute(this::look);
  }

  @Override
  public void close() {
    closed = true;
    serial.execute(this::leave);
  }

  private void leave() {
    endPatience();
    reading = null;
    if (client != null) {
      ZooKeeperClient left = client;
      client = null;
      left.unwatch(target.path(), changes);
      clients.release(left, failing || isSilent() ? Verdict.SUSPECT : Verdict.GOOD);
    }
  }

  private boolean isSilent() {
    return looking && context.ticker().getAsLong() - lookBeganNanos > SILENCE.toNanos();
  }

  /** Every look ends in a call of the listener; one that is under way answers for the next too. */
  private void look() {
    if (closed || looking) {
      return;
    }
    looking = true;
    lookBeganNanos = context.ticker().getAsLong();
    patience =
        serial.schedule(
            this::losePatience, PATIENCE.toNanos(), TimeUnit.NANOSECONDS, context.scheduler());
    if (client != null) {
      list();
    } else if (!opening) {
      opening = true;
      openLater();
    }
  }

  private void openLater() {
    try {
      context.offloadExecutor().execute(this::open);
    } catch (RejectedExecutionException nobodyListens) {
      opening = false;
      looking = false;
      endPatience();
    }
  }

  /** Blocks; runs on the offload executor. */
  private void open() {
    try {
      ZooKeeperClient opened = clients.acquire(target, access);
      serial.execute(() -> opened(opened));
    } catch (IOException | RuntimeException | LinkageError e) {
      // The latter where the class path holds another ZooKeeper than this was compiled for.
      serial.execute(
          () -> {
            opening = false;
            failed(target.describe() + ": " + (e instanceof IOException ? e.getMessage() : e), e);
          });
    }
  }

  private void opened(ZooKeeperClient opened) {
    opening = false;
    if (closed) {
      clients.release(opened, Verdict.GOOD);
      return;
    }
    client = opened;
    opened.watch(target.path(), changes);
    list();
  }

  private void losePatience() {
    RegistryTls tls = client == null ? null : client.tls();
    if (tls == null) {
      giveUp("");
      return;
    }
    try {
      context
          .offloadExecutor()
          .execute(
              () -> {
                String problem = ZooKeeperHandshake.problem(target, tls);
                serial.execute(() -> giveUp(problem));
              });
    } catch (RejectedExecutionException nobodyListens) {
      giveUp("");
    }
  }

  /** Ends a look for which there is still no connection. */
  private void giveUp(String tlsProblem) {
    if (looking && reading == null) {
      failed(
          "%s: no connection to any member within %d s%s"
              .formatted(target.describe(), PATIENCE.toSeconds(), tlsProblem),
          null);
    }
  }

  private void connected() {
    if (closed || client == null) {
      return;
    }
    if (!looking) {
      look();
    } else {
      list();
    }
  }

  /** Begins to read everything, if there is a connection; it waits for one otherwise. */
  private void list() {
    if (client != null && client.isConnected()) {
      reading = new Reading(client);
      reading.begin();
    }
  }

  private void finished() {
    looking = false;
    failing = false;
    endPatience();
    publish();
  }

  private void changed() {
    if (!publishing && !looking) {
      // After what else has arrived meanwhile.
      publishing = true;
      serial.executeLater(this::publish);
    }
  }

  private void publish() {
    publishing = false;
    if (listener != null && !closed) {
      listener.onEndpoints(instances.endpoints());
    }
  }

  private void failed(Code code) {
    ZooKeeperLogin login = client == null ? ZooKeeperLogin.NONE : client.login();
    failed(ZooKeeperErrors.explain(target, login, Wish.read(target.path()), code), null);
  }

  private void failed(String description, @Nullable Throwable e) {
    looking = false;
    failing = true;
    reading = null;
    endPatience();
    if (listener != null && !closed) {
      listener.onError(Status.UNAVAILABLE.withDescription(description).withCause(e));
    }
  }

  private void endPatience() {
    if (patience != null) {
      patience.cancel();
      patience = null;
    }
  }

  private void broken(Thread thread, Throwable e) {
    failed(target.describe() + ": " + e, e);
  }

  /** What is asked of one connection; an answer that comes when it is replaced is not heard. */
  private final class Reading {
    private final ZooKeeperClient from;
    private final Set<String> due = new LinkedHashSet<>();
    private final Set<String> unread = new HashSet<>(); // of those listed
    private boolean listed;
    private int asked;

    Reading(ZooKeeperClient from) {
      this.from = from;
    }

    void begin() {
      from.arm(target.path(), (code, path, context) -> hear(() -> armed(Code.get(code))));
      from.children(
          target.path(), (code, path, context, names) -> hear(() -> listed(Code.get(code), names)));
    }

    private void hear(Runnable answer) {
      serial.execute(
          () -> {
            if (reading == this) {
              answer.run();
            }
          });
    }

    private void armed(Code code) {
      if (code != Code.OK) {
        failed(code);
      }
    }

    private void listed(Code code, @Nullable List<String> names) {
      if (code != Code.OK && code != Code.NONODE) {
        failed(code);
        return;
      }
      List<String> found = names == null ? List.of() : names;
      listed = true;
      instances.retain(found);
      unread.addAll(found);
      due.addAll(found);
      proceed();
    }

    void change(String name) {
      due.add(name);
      proceed();
    }

    private void proceed() {
      while (asked < MAX_READS && !due.isEmpty()) {
        String next = due.iterator().next();
        due.remove(next);
        asked++;
        from.data(
            target.child(next),
            (code, path, context, data, stat) -> hear(() -> read(next, Code.get(code), data)));
      }
      if (looking && listed && unread.isEmpty()) {
        finished();
      }
    }

    private void read(String name, Code code, byte @Nullable [] data) {
      asked--;
      switch (code) {
        case OK -> instances.put(name, data == null ? ByteString.EMPTY : ByteString.copyFrom(data));
        case NONODE -> instances.remove(name);
        case NOAUTH -> instances.putUnreadable(name, from.login() + " may not read it");
        default -> {
          failed(code);
          return;
        }
      }
      unread.remove(name);
      changed();
      proceed();
    }
  }

  private final class Changes implements ZooKeeperClient.Listener {
    @Override
    public void onConnected() {
      serial.execute(ZooKeeperDiscovery.this::connected);
    }

    @Override
    public void onDisconnected() {
      serial.execute(
          () -> {
            if (client != null && !client.isConnected()) {
              failed(Code.CONNECTIONLOSS);
            }
          });
    }

    @Override
    public void onChange(String name) {
      serial.execute(
          () -> {
            if (reading != null) {
              reading.change(name);
            }
          });
    }
  }
}
