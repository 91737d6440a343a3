package io.evenkeel.discovery;

import io.evenkeel.DiscoveryStatus;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the list of endpoints of one target, for all channels of the process that have it.
 *
 * <ul>
 *   <li>Bias for success: once there is a list, neither an error nor an empty list replaces it.
 *       Only {@code maxAge} ends it. {@link DropGuard} holds a list that has shrunk too much at
 *       once.
 *   <li>Every question to the discovery ends: an exception and silence count as errors, and are
 *       followed by another question, see {@link RefreshPacer}.
 *   <li>{@link Watchdog} asks a watch that is silent, and has a client replaced that does not
 *       recover.
 *   <li>While there is no list, that of the fallback is used, where the target names one.
 *   <li>What was left out of a list is logged once, not with every list.
 * </ul>
 *
 * <p>State belongs to {@code serial}. The discovery is called there; who watches is told elsewhere.
 */
final class Supervisor {
  private static final Logger log = System.getLogger(Supervisor.class.getName());

  /** Without a word from a new discovery for this long the fallback is used meanwhile. */
  static final Duration FALLBACK_PATIENCE = Duration.ofSeconds(1);

  private final SourceTarget target;
  private final DiscoveryContext context;
  private final SynchronizationContext serial = new SynchronizationContext(this::broken);
  private final SupervisorStatus status;
  private final ReplaceableDiscovery source;
  private final Discovery discovery;
  private final Supervision supervision;
  private final RefreshPacer pacer;
  private final Watchdog watchdog;
  private final DropGuard guard;
  private final Debounce debounce;
  private final FallbackWatch fallback;
  private final List<Watch> watches = new ArrayList<>();

  private volatile @Nullable EndpointSet known; // written in serial
  private Status failure = Status.OK; // why the last look has shown no list
  private String problem = "";
  private String logged = ""; // the problem as it was when somebody last watched
  private @Nullable View told;
  private boolean started;
  private boolean closed;
  private @Nullable ScheduledHandle patience;
  private @Nullable ScheduledHandle expiry;
  private @Nullable ScheduledHandle decision;

  Supervisor(SourceTarget target, Supervisors supervisors, DiscoveryContext context) {
    SupervisorConfig config = target.config();
    this.target = target;
    this.context = context;
    this.supervision = Watchdog.within(target.provider().supervision(), config.maxAge());
    this.status = new SupervisorStatus(target.text(), continuityOf(supervision), context.ticker());
    this.source = new ReplaceableDiscovery(target, context);
    this.discovery = new ResolvingDiscovery(source, context, NameLookup.SYSTEM);
    this.pacer =
        new RefreshPacer(
            serial,
            context,
            supervision,
            new RefreshPacer.Question(() -> guarded(discovery::refresh), this::silent));
    this.watchdog = new Watchdog(serial, context, supervision, pacer::request);
    this.guard = new DropGuard(config);
    this.debounce = new Debounce(serial, context, config.debounce(), this::publish);
    this.fallback = new FallbackWatch(config.fallback(), supervisors, serial, this::publish);
  }

  SourceTarget target() {
    return target;
  }

  DiscoveryStatus status() {
    return status;
  }

  /** Whether the target has a list of its own. */
  boolean hasList() {
    return known != null;
  }

  /** The first one starts the discovery. */
  void add(Watch watch) {
    serial.execute(
        () -> {
          watches.add(watch);
          logProblem();
          if (!started) {
            start();
          } else if (told != null) {
            watch.tell(told);
          }
        });
  }

  void remove(Watch watch) {
    serial.execute(() -> watches.remove(watch));
  }

  /** Asks the discovery to look again; put off where it was asked a moment ago. */
  void refresh() {
    serial.execute(
        () -> {
          if (!closed) {
            pacer.request();
          }
        });
  }

  /** Ends the discovery and all timers. */
  void close() {
    serial.execute(
        () -> {
          closed = true;
          pacer.close();
          watchdog.close();
          debounce.close();
          fallback.release();
          patience = cancel(patience);
          expiry = cancel(expiry);
          decision = cancel(decision);
          discovery.close();
        });
  }

  private void start() {
    started = true;
    if (fallback.configured()) {
      patience = schedule(this::losePatience, FALLBACK_PATIENCE.toNanos());
    }
    watchdog.start();
    pacer.ask(() -> guarded(() -> discovery.start(new Inbox())));
  }

  private void losePatience() {
    patience = null;
    if (known == null) {
      fallback.need();
    }
  }

  private void guarded(Runnable question) {
    try {
      question.run();
    } catch (RuntimeException e) {
      failed(
          Status.UNAVAILABLE.withDescription("discovery failed: " + e).withCause(e), Duration.ZERO);
    }
  }

  private void found(EndpointSet set) {
    if (closed) {
      return;
    }
    watchdog.answered();
    if (set.endpoints().isEmpty()) {
      unconfirmed(Status.UNAVAILABLE.withDescription(ProblemText.empty(set)));
      pacer.failed();
      return;
    }
    confirmed(set);
    if (set.complete()) {
      pacer.succeeded();
    } else {
      pacer.failed();
    }
  }

  private void confirmed(EndpointSet set) {
    known = guard.admit(set, now());
    failure = Status.OK;
    expiry = cancel(expiry);
    patience = cancel(patience);
    status.confirmed(set.problems().size());
    status.held(guard.held());
    awaitDecision();
    report(ProblemText.join(ProblemText.of(set), holding()));
    fallback.release();
    debounce.changed();
  }

  /** A list that is held gets another look at its end. */
  private void awaitDecision() {
    if (!guard.holding()) {
      decision = cancel(decision);
    } else if (decision == null) {
      decision = schedule(this::decide, Math.max(0, guard.decidesAtNanos() - now()));
    }
  }

  private void decide() {
    decision = null;
    pacer.request();
  }

  private String holding() {
    SupervisorConfig config = target.config();
    return guard.holding()
        ? "more than maxDrop=%d%% of the endpoints have left within %d s; %d are kept for that long though the list lacks them"
            .formatted(config.maxDropPercent(), config.confirm().toSeconds(), guard.held())
        : "";
  }

  private void failed(Status reason, Duration rest) {
    if (closed) {
      return;
    }
    if (rest.isZero()) {
      missed(reason, watchdog.failed());
    } else {
      // It answers, and would not tell another client anything else.
      watchdog.answered();
      pacer.rest(rest);
      missed(reason, false);
    }
  }

  private void silent() {
    if (!closed) {
      String waited = supervision.answerTimeout().toSeconds() + " s";
      Status reason =
          Status.UNAVAILABLE.withDescription("discovery gave no answer within " + waited);
      missed(reason, watchdog.silent());
    }
  }

  private void missed(Status reason, boolean replace) {
    unconfirmed(reason);
    if (replace) {
      status.rebuilt();
      log.log(Level.WARNING, "target \"" + target.text() + "\": opening another client");
      pacer.ask(() -> guarded(source::replace));
    } else {
      pacer.failed();
    }
  }

  private void unconfirmed(Status reason) {
    failure = reason.withDescription(ProblemText.of(reason));
    status.unconfirmed(failure);
    EndpointSet kept = known;
    if (kept == null) {
      fallback.need();
      problem = "";
      publish();
      return;
    }
    int size = kept.endpoints().size();
    String keeping = " (keeping " + size + (size == 1 ? " known endpoint)" : " known endpoints)");
    report(ProblemText.of(reason) + keeping);
    if (!target.config().maxAge().isZero() && expiry == null) {
      long left = target.config().maxAge().toNanos() - status.ageNanos();
      expiry = schedule(this::expire, Math.max(0, left));
    }
    publish();
  }

  private void expire() {
    expiry = null;
    known = null;
    guard.reset();
    status.held(0);
    decision = cancel(decision);
    failure =
        failure.withDescription(
            "the last list is older than maxAge=%ds and not used any more (%s)"
                .formatted(target.config().maxAge().toSeconds(), failure.getDescription()));
    report(ProblemText.of(failure));
    fallback.need();
    publish();
  }

  private void publish() {
    if (closed) {
      return;
    }
    EndpointSet own = known;
    EndpointSet list = own == null ? fallback.endpoints() : own;
    View view;
    if (list != null) {
      view = new View(list, null, problem);
    } else if (!failure.isOk() && !fallback.pending()) {
      view = new View(null, described(fallback.failure()), problem);
    } else {
      return;
    }
    status.use(own == null ? fallback.statusInUse() : null);
    if (told == null || !view.repeats(told)) {
      told = view;
      watches.forEach(watch -> watch.tell(view));
    }
  }

  private void report(String now) {
    problem = now;
    logProblem();
  }

  /**
   * Once for each problem, and not while nobody watches: servers that leave just after the last
   * channel to them was closed are no problem of anybody's. Who watches next is told.
   */
  private void logProblem() {
    if (watches.isEmpty() || problem.equals(logged)) {
      return;
    }
    logged = problem;
    // What was told as a warning is told to be over.
    log.log(
        problem.isEmpty() ? Level.INFO : Level.WARNING,
        "target \"" + target.text() + "\": " + (problem.isEmpty() ? "all is well again" : problem));
  }

  /** What calls fail with while there is no list. */
  private Status described(@Nullable Status ofFallback) {
    String text = "target \"" + target.text() + "\": " + failure.getDescription();
    return failure.withDescription(
        ofFallback == null ? text : text + "; fallback: " + ofFallback.getDescription());
  }

  private void broken(Thread thread, Throwable e) {
    log.log(Level.ERROR, "target \"" + target.text() + "\": its supervisor has a fault", e);
  }

  private ScheduledHandle schedule(Runnable task, long delayNanos) {
    return serial.schedule(task, delayNanos, TimeUnit.NANOSECONDS, context.scheduler());
  }

  private static @Nullable ScheduledHandle cancel(@Nullable ScheduledHandle timer) {
    if (timer != null) {
      timer.cancel();
    }
    return null;
  }

  private long now() {
    return context.ticker().getAsLong();
  }

  private static SupervisorStatus.Continuity continuityOf(Supervision supervision) {
    return supervision.auditInterval().isZero()
        ? SupervisorStatus.Continuity.CONFIRMS
        : SupervisorStatus.Continuity.UNKNOWN;
  }

  private final class Inbox implements DiscoveryListener {
    @Override
    public void onEndpoints(EndpointSet endpoints) {
      serial.execute(() -> found(endpoints));
    }

    @Override
    public void onError(Status status) {
      onError(status, Duration.ZERO);
    }

    @Override
    public void onError(Status status, Duration rest) {
      serial.execute(() -> failed(status, rest));
    }
  }
}
