package io.evenkeel.discovery.dns;

import io.evenkeel.discovery.Authority;
import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryListener;
import io.evenkeel.discovery.EndpointSet;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks a name up again and again: when what it knows expires, after failures with growing waits,
 * and when asked to. It says what each look found, and nothing of what it remembers.
 *
 * <p>How the machine resolves names is read before each look on the offload executor. Waiting for
 * name servers occupies no thread of the channel. State belongs to {@code serial}.
 */
final class DnsDiscovery implements Discovery {
  private final Lookup lookup;
  private final DnsAccess access;
  private final DiscoveryContext context;
  private final SynchronizationContext serial;
  private final Pace pace;
  private final @Nullable ServiceConfigLookup configLookup;

  private @Nullable DiscoveryListener listener;
  private @Nullable ScheduledHandle timer;
  private @Nullable Seen missing; // a name that is not there, as long as that may be believed
  private long missingUntilNanos;
  private boolean looking;
  private boolean again;
  private volatile boolean closed;

  DnsDiscovery(
      Lookup.Factory lookup, DnsAccess access, DnsSettings settings, DiscoveryContext context) {
    this.access = access;
    this.context = context;
    this.serial =
        new SynchronizationContext(
            (thread, e) -> ended(Seen.failed("looking up failed: " + e), null));
    this.lookup = lookup.create(serial, context.scheduler());
    this.pace = new Pace(settings, context.random());
    this.configLookup = settings.txt() ? new ServiceConfigLookup(context.random()) : null;
  }

  @Override
  public void start(DiscoveryListener listener) {
    serial.execute(
        () -> {
          this.listener = listener;
          look();
        });
  }

  /**
   * A look that is under way may have asked before whatever this is about, so another follows. A
   * name that is known to be missing is not asked for before the zone says so.
   */
  @Override
  public void refresh() {
    serial.execute(
        () -> {
          if (looking) {
            again = true;
          } else if (missing != null && missingUntilNanos - now() > 0) {
            tell(missing, null);
          } else {
            look();
          }
        });
  }

  @Override
  public void close() {
    closed = true;
    access.close();
    serial.execute(this::cancelTimer);
  }

  private void look() {
    if (closed || looking) {
      return;
    }
    looking = true;
    again = false;
    cancelTimer();
    context.offloadExecutor().execute(this::readSetup);
  }

  /** Blocks; runs on the offload executor. */
  private void readSetup() {
    try {
      DnsSetup setup = access.setup();
      if (configLookup != null) {
        configLookup.prepare();
      }
      serial.execute(() -> ask(setup));
    } catch (IOException | RuntimeException | LinkageError e) {
      // The last where the class path lacks a library of the DNS library's.
      Seen failed =
          Seen.failed(e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString());
      serial.execute(() -> ended(failed, null));
    }
  }

  private void ask(DnsSetup setup) {
    if (closed) {
      return;
    }
    DnsClient direct = access.client(setup);
    DnsClient client =
        (name, type) -> direct.ask(name, type).thenApplyAsync(reply -> reply, serial);
    var unused =
        lookup
            .look(setup, client)
            .thenCompose(seen -> withConfig(seen, client))
            .exceptionally(this::bug);
  }

  private CompletableFuture<@Nullable Void> withConfig(Seen seen, DnsClient client) {
    if (configLookup == null || seen.domain() == null) {
      ended(seen, null);
      return CompletableFuture.completedFuture(null);
    }
    return configLookup
        .look(seen.domain(), client)
        .thenAccept(
            found -> {
              List<String> problems = new ArrayList<>(seen.problems());
              problems.addAll(found.problems());
              ended(seen.withProblems(problems), found.config());
            });
  }

  private @Nullable Void bug(Throwable e) {
    serial.execute(() -> ended(Seen.failed("looking up failed: " + e), null));
    return null;
  }

  private void ended(Seen seen, @Nullable Map<String, ?> config) {
    looking = false;
    if (closed) {
      return;
    }
    long waitNanos = pace.waitNanos(seen);
    boolean believed = seen.outcome().isDefinite() && seen.outcome() != Outcome.RECORDS;
    missing = believed && seen.ttlNanos() != Reply.NO_TTL ? seen : null;
    missingUntilNanos = now() + waitNanos;
    tell(seen, config);
    if (again) {
      look();
    } else {
      cancelTimer();
      timer = serial.schedule(this::look, waitNanos, TimeUnit.NANOSECONDS, context.scheduler());
    }
  }

  private void tell(Seen seen, @Nullable Map<String, ?> config) {
    if (listener == null || closed) {
      return;
    }
    if (seen.outcome() == Outcome.RECORDS) {
      listener.onEndpoints(
          new EndpointSet(
              seen.endpoints(), seen.problems(), config, Authority.SERVICE, seen.complete()));
    } else {
      listener.onError(Status.UNAVAILABLE.withDescription(String.join("; ", seen.problems())));
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private long now() {
    return context.ticker().getAsLong();
  }
}
