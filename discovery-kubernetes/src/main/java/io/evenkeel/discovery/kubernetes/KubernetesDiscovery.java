package io.evenkeel.discovery.kubernetes;

import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryListener;
import io.evenkeel.discovery.EndpointSet;
import io.evenkeel.discovery.Rest;
import io.evenkeel.discovery.kubernetes.ApiFailure.Wish;
import io.evenkeel.discovery.kubernetes.SliceJson.SliceList;
import io.evenkeel.discovery.kubernetes.SliceWatch.Change;
import io.evenkeel.discovery.kubernetes.SliceWatch.Event;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Watches the EndpointSlices of one service.
 *
 * <ul>
 *   <li>It lists at a version and watches from there on, so that no change falls between the two.
 *   <li>{@link #refresh} is a list, at the version that is known or later. A watch that has not
 *       told what the list shows is replaced, and so is one that has been silent for longer than
 *       the API server's bookmarks allow.
 *   <li>A watch that ends in order goes on from the last version it told. Any other end is followed
 *       by a list at once, the first time; what follows upon that is a failure.
 *   <li>A version that the API server no longer has, or has not any more after it was restored, is
 *       followed by a list of what etcd has now.
 * </ul>
 *
 * <p>State belongs to {@code serial}. What may block runs on the offload executor.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/">How Kubernetes lists
 *     and watches</a>
 */
final class KubernetesDiscovery implements Discovery {
  /** Bookmarks come once a minute; this is for two, and some delay. */
  static final Duration SILENCE = Duration.ofSeconds(150);

  /** A watch that lives shorter has not worked. */
  private static final Duration SHORT_LIFE = Duration.ofSeconds(1);

  /** Watches end by themselves after 5 to 10 minutes, so that they spread over API servers. */
  private static final Duration WATCH_TIME = Duration.ofMinutes(5);

  private final KubernetesTarget target;
  private final DiscoveryContext context;
  private final ApiClients.Source clients;
  private final ServiceSlices slices;
  private final Rest rest;
  private final SynchronizationContext serial = new SynchronizationContext(this::broken);
  private volatile boolean closed;

  private @Nullable DiscoveryListener listener;
  private @Nullable ApiClient client;
  private @Nullable SliceWatch watch;
  private @Nullable ListCall list;
  private SliceApi api = SliceApi.V1;
  private String version = SliceApi.ANY;
  private boolean looking;
  private boolean heard; // of the watch, since the look began
  private boolean listed; // and not told, since the watch is not open yet
  private boolean publishing;
  private boolean retried; // what was wrong with a watch
  private long openedNanos;
  private long heardNanos;

  KubernetesDiscovery(
      KubernetesTarget target, DiscoveryContext context, ApiClients.Source clients) {
    this.target = target;
    this.context = context;
    this.clients = clients;
    this.slices = new ServiceSlices(target.port());
    this.rest = new Rest(context);
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
    serial.execute(
        () -> {
          dropList();
          dropWatch();
          client = null;
        });
  }

  /** Every look ends in a call of the listener; one that is under way answers for the next too. */
  private void look() {
    if (closed || looking) {
      return;
    }
    if (!rest.left().isZero()) {
      tell(rest.why());
      return;
    }
    looking = true;
    heard = false;
    offload(this::open);
  }

  private void offload(Runnable task) {
    try {
      context.offloadExecutor().execute(task);
    } catch (RejectedExecutionException nobodyListens) {
      closed = true;
    }
  }

  /** Asks for the client each time, which is another one where its files have changed. Blocks. */
  private void open() {
    try {
      ApiClient opened = clients.open();
      serial.execute(() -> opened(opened));
    } catch (IOException e) {
      serial.execute(() -> failed("Kubernetes", ApiFailure.of(String.valueOf(e.getMessage()))));
    } catch (RuntimeException | LinkageError e) {
      // The latter where the class path holds other libraries than this was compiled for.
      serial.execute(() -> failed("Kubernetes", ApiFailure.of(e.toString())));
    }
  }

  private void opened(ApiClient opened) {
    if (closed) {
      return;
    }
    if (client != opened) {
      dropWatch();
      client = opened;
    }
    String path = api.list(namespace(opened), target.service(), version);
    ListCall asked = new ListCall(opened, path, context);
    list = asked;
    var unused =
        asked
            .answer()
            .whenComplete((answer, error) -> serial.execute(() -> answered(asked, answer, error)));
    asked.begin();
  }

  private void answered(ListCall by, @Nullable ApiAnswer answer, @Nullable Throwable error) {
    ApiClient from = client;
    if (by != list || from == null) {
      return;
    }
    if (answer == null) {
      failed(from.describe(), ApiFailure.of(error == null ? new IOException("no answer") : error));
    } else if (answer.isOk()) {
      listed(from, answer);
    } else if (answer.status() == ApiAnswer.NOT_FOUND && api == SliceApi.V1) {
      lookAgain(SliceApi.V1BETA1, version);
    } else if (answer.versionIsOutOfReach() && !version.equals(SliceApi.NEWEST)) {
      lookAgain(api, SliceApi.NEWEST);
    } else {
      api = answer.status() == ApiAnswer.NOT_FOUND ? SliceApi.V1 : api;
      failed(from.describe(), ApiFailure.of(answer, new Wish("list", namespace(from))));
    }
  }

  private void lookAgain(SliceApi api, String version) {
    this.api = api;
    this.version = version;
    looked();
    look();
  }

  private void listed(ApiClient from, ApiAnswer answer) {
    SliceList told;
    try {
      told = SliceJson.list(answer.body());
    } catch (IOException e) {
      String said = "the answer is not Kubernetes': \"" + answer.message() + "\"";
      failed(from.describe(), ApiFailure.of(said));
      return;
    }
    looked();
    boolean news = false;
    // What the watch has told meanwhile is newer than the list, which would take it back.
    if (watch == null || !heard) {
      news = slices.list(told.slices());
      version = told.version();
      if (news || isSilent()) {
        dropWatch();
      }
    }
    if (watch == null) {
      watch(from);
    }
    if (news || openedNanos != 0) {
      publish();
    } else {
      listed = true;
    }
  }

  /** Whether the watch should have told something, were it only a bookmark. */
  private boolean isSilent() {
    return watch != null && now() - heardNanos > SILENCE.toNanos();
  }

  private void watch(ApiClient from) {
    Duration time = WATCH_TIME.plus(WATCH_TIME.multipliedBy(percent()).dividedBy(100));
    String path = api.watch(namespace(from), target.service(), version, time);
    SliceWatch opened = new SliceWatch(namespace(from), new Changes());
    watch = opened;
    openedNanos = 0;
    offload(() -> opened.open(from, path));
  }

  private long percent() {
    return (long) (100 * context.random().getAsDouble());
  }

  private void watchOpen(SliceWatch from) {
    if (from != watch) {
      return;
    }
    openedNanos = now();
    heardNanos = now();
    if (listed) {
      publish();
    }
  }

  private void changed(SliceWatch from, Event event) {
    if (from != watch) {
      return;
    }
    heard = true;
    heardNanos = now();
    retried = false;
    version = SliceJson.version(event.object());
    if (event.change() == Change.BOOKMARK) {
      return;
    }
    SliceJson.Slice slice = SliceJson.slice(event.object());
    if (event.change() == Change.DELETED) {
      slices.remove(slice.name());
    } else {
      slices.put(slice);
    }
    if (!publishing) {
      // After what else has arrived meanwhile.
      publishing = true;
      serial.executeLater(this::publish);
    }
  }

  private void watchEnded(SliceWatch from, @Nullable ApiFailure failure) {
    ApiClient used = client;
    if (from != watch || used == null) {
      return;
    }
    boolean worked = openedNanos != 0 && now() - openedNanos >= SHORT_LIFE.toNanos();
    watch = null;
    openedNanos = 0;
    if (failure == null && worked) {
      watch(used);
    } else if ((failure != null && failure.refused()) || (retried && !worked)) {
      failed(used.describe(), failure == null ? ApiFailure.of("it ends watches at once") : failure);
    } else {
      // Whatever broke it: a list tells what was missed, and how the API server stands.
      retried = true;
      look();
    }
  }

  private void publish() {
    publishing = false;
    listed = false;
    if (listener != null && !closed) {
      EndpointSet set = slices.endpoints();
      listener.onEndpoints(slices.isEmpty() ? explained(set) : set);
    }
  }

  private EndpointSet explained(EndpointSet empty) {
    String namespace = client == null ? target.namespace() : namespace(client);
    return empty.withProblems(
        List.of(
            "no EndpointSlice in the namespace \"%1$s\" belongs to a service \"%2$s\"; is there one? (kubectl -n %1$s get service %2$s)"
                .formatted(namespace, target.service())));
  }

  private void failed(String where, ApiFailure failure) {
    looked();
    listed = false;
    Status status =
        Status.UNAVAILABLE.withDescription(where + ": " + failure.getMessage()).withCause(failure);
    rest.begin(status, failure.retryAfter());
    tell(status);
  }

  private void tell(Status failure) {
    if (listener != null && !closed) {
      listener.onError(failure, rest.left());
    }
  }

  /** The list that was asked for is here, or given up. */
  private void looked() {
    looking = false;
    dropList();
  }

  private void dropList() {
    if (list != null) {
      ListCall old = list;
      list = null;
      old.close();
    }
  }

  private void dropWatch() {
    if (watch != null) {
      SliceWatch old = watch;
      watch = null;
      openedNanos = 0;
      old.close();
    }
  }

  private String namespace(ApiClient from) {
    return target.namespace().isEmpty() ? from.namespace() : target.namespace();
  }

  private void broken(Thread thread, Throwable e) {
    failed("Kubernetes", ApiFailure.of(e.toString()));
  }

  private long now() {
    return context.ticker().getAsLong();
  }

  private final class Changes implements SliceWatch.Listener {
    @Override
    public void onOpen(SliceWatch from) {
      serial.execute(() -> watchOpen(from));
    }

    @Override
    public void onEvent(SliceWatch from, Event event) {
      serial.execute(() -> changed(from, event));
    }

    @Override
    public void onEnd(SliceWatch from, @Nullable ApiFailure failure) {
      serial.execute(() -> watchEnded(from, failure));
    }
  }
}
