package io.evenkeel.discovery.etcd;

import static java.util.Objects.requireNonNull;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.WatchResponse;
import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryListener;
import io.evenkeel.discovery.etcd.EtcdErrors.Wish;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Watches the instances of one service in etcd.
 *
 * <ul>
 *   <li>It lists at a revision and watches from the next one on, so that no change falls between
 *       the two.
 *   <li>{@link #refresh} is a linearizable list: what a majority of etcd has. A watch that has not
 *       told what the list shows is replaced.
 *   <li>Any failure drops the client, its connections and its watch. The next {@link #refresh}, for
 *       which who asks has waited, opens another one and lists, so nothing of a broken one can
 *       linger and nothing is missed, whatever etcd has forgotten or restarted meanwhile.
 *   <li>A revision that was compacted away is no failure: it lists again at once, the first time.
 * </ul>
 *
 * <p>State belongs to {@code serial}. Nothing here blocks but opening a client, which the offload
 * executor does.
 */
final class EtcdDiscovery implements Discovery {
  private static final Logger log = System.getLogger(EtcdDiscovery.class.getName());

  private final EtcdTarget target;
  private final DiscoveryContext context;
  private final EtcdClient.Factory clients;
  private final EtcdInstances instances;
  private final SynchronizationContext serial = new SynchronizationContext(this::broken);
  private volatile boolean closed;

  private @Nullable DiscoveryListener listener;
  private @Nullable EtcdClient client;
  private @Nullable EtcdWatch watch;
  private boolean looking;
  private boolean publishing;
  private boolean compacted;

  EtcdDiscovery(
      EtcdTarget target, EtcdCodec codec, DiscoveryContext context, EtcdClient.Factory clients) {
    this.target = target;
    this.context = context;
    this.clients = clients;
    this.instances = new EtcdInstances(target, codec);
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
    serial.execute(this::dropClient);
  }

  /** Every look ends in a call of the listener; one that is under way answers for the next too. */
  private void look() {
    if (closed || looking) {
      return;
    }
    looking = true;
    if (client != null) {
      list(client);
      return;
    }
    try {
      context.offloadExecutor().execute(this::open);
    } catch (RejectedExecutionException nobodyListens) {
      looking = false;
    }
  }

  /** Blocks; runs on the offload executor. */
  private void open() {
    try {
      EtcdClient opened = clients.open();
      serial.execute(() -> opened(opened));
    } catch (IOException e) {
      serial.execute(() -> failed(target.describe() + ": " + e.getMessage(), e));
    } catch (RuntimeException | LinkageError e) {
      // The latter where the class path holds another gRPC than the rest was compiled for.
      serial.execute(() -> failed(target.describe() + ": " + e, e));
    }
  }

  private void opened(EtcdClient opened) {
    if (closed || client != null) {
      opened.close();
      return;
    }
    client = opened;
    list(opened);
  }

  private void list(EtcdClient client) {
    RangeRequest question =
        RangeRequest.newBuilder()
            .setKey(EtcdKeys.first(target.prefix()))
            .setRangeEnd(EtcdKeys.end(target.prefix()))
            .build();
    Futures.addCallback(
        client.call(KVGrpc.getRangeMethod(), question),
        new FutureCallback<RangeResponse>() {
          @Override
          public void onSuccess(@Nullable RangeResponse answer) {
            RangeResponse all = requireNonNull(answer);
            serial.execute(() -> listed(client, all));
          }

          @Override
          public void onFailure(Throwable e) {
            serial.execute(() -> failed(client, e));
          }
        },
        MoreExecutors.directExecutor());
  }

  private void listed(EtcdClient from, RangeResponse answer) {
    if (from != client) {
      return;
    }
    looking = false;
    long revision = answer.getHeader().getRevision();
    boolean news = instances.list(answer.getKvsList(), revision);
    if (news && watch != null) {
      // It has missed that, or would have told it in a moment: which of the two is all the same.
      dropWatch();
    }
    if (watch == null) {
      watch = EtcdWatch.open(from, target.prefix(), revision + 1, new Changes());
    }
    publish();
  }

  private void changed(EtcdWatch from, WatchResponse changes) {
    if (from != watch) {
      return;
    }
    compacted = false;
    instances.change(changes.getEventsList());
    if (!publishing) {
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

  private void compacted(EtcdWatch from) {
    if (from != watch) {
      return;
    }
    if (compacted) {
      failed("the changes to watch from were compacted away, again", null);
      return;
    }
    compacted = true;
    dropWatch();
    look();
  }

  private void failed(EtcdClient from, Throwable e) {
    if (from == client) {
      String description = EtcdErrors.explain(target, Wish.read(target.prefix()), e);
      // The trace of a call over the network explains nothing more, and fills the logs of channels.
      log.log(Level.DEBUG, description, e);
      failed(description, null);
    }
  }

  private void failed(String description, @Nullable Throwable e) {
    looking = false;
    compacted = false;
    dropClient();
    if (listener != null && !closed) {
      listener.onError(Status.UNAVAILABLE.withDescription(description).withCause(e));
    }
  }

  private void dropClient() {
    dropWatch();
    if (client != null) {
      client.close();
      client = null;
    }
  }

  private void dropWatch() {
    if (watch != null) {
      EtcdWatch old = watch;
      watch = null;
      old.close();
    }
  }

  private void broken(Thread thread, Throwable e) {
    failed(target.describe() + ": " + e, e);
  }

  private final class Changes implements EtcdWatch.Listener {
    @Override
    public void onChanges(EtcdWatch from, WatchResponse changes) {
      serial.execute(() -> changed(from, changes));
    }

    @Override
    public void onCompacted(EtcdWatch from) {
      serial.execute(() -> compacted(from));
    }

    @Override
    public void onFailure(EtcdWatch from, Throwable error) {
      serial.execute(
          () -> {
            if (from == watch && client != null) {
              failed(client, error);
            }
          });
    }
  }
}
