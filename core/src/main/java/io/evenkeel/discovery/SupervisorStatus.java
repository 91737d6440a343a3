package io.evenkeel.discovery;

import io.evenkeel.DiscoveryStatus;
import io.evenkeel.SourceSnapshot;
import io.grpc.Status;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Supervisor} shows of itself. Written by its synchronization context; any thread may
 * read.
 */
final class SupervisorStatus implements DiscoveryStatus {
  private static final Logger log = System.getLogger(SupervisorStatus.class.getName());

  private final String target;
  private final Continuity continuity;
  private final LongSupplier ticker;
  private final List<Observer> observers = new CopyOnWriteArrayList<>();
  private volatile Facts facts = new Facts(false, 0, "", 0, 0, 0);
  private volatile @Nullable DiscoveryStatus fallback; // while it is in use

  /** What it means that a source says nothing. */
  enum Continuity {
    /** Nothing is known since its last word. */
    UNKNOWN,
    /** It would have told of a change or a failure. */
    CONFIRMS
  }

  /** Replaced as a whole, so that what a reader sees belongs together. */
  private record Facts(
      boolean known, long confirmedNanos, String problem, int skipped, int held, long rebuilds) {

    Facts withHeld(int held) {
      return new Facts(known, confirmedNanos, problem, skipped, held, rebuilds);
    }

    Facts withRebuilds(long rebuilds) {
      return new Facts(known, confirmedNanos, problem, skipped, held, rebuilds);
    }
  }

  SupervisorStatus(String target, Continuity continuity, LongSupplier ticker) {
    this.target = target;
    this.continuity = continuity;
    this.ticker = ticker;
  }

  @Override
  public SourceSnapshot snapshot() {
    DiscoveryStatus instead = fallback;
    Facts seen = facts;
    if (instead == null) {
      return new SourceSnapshot(
          target, false, age(seen), seen.problem, seen.skipped, seen.held, seen.rebuilds);
    }
    SourceSnapshot other = instead.snapshot();
    return new SourceSnapshot(
        other.target(),
        true,
        other.age(),
        seen.problem,
        other.skipped(),
        other.held(),
        seen.rebuilds);
  }

  @Override
  public Subscription subscribe(Observer observer) {
    observers.add(observer);
    return () -> observers.remove(observer);
  }

  /** The source has shown a list, and left {@code skipped} elements out of it. */
  void confirmed(int skipped) {
    Facts old = facts;
    facts = new Facts(true, ticker.getAsLong(), "", skipped, old.held, old.rebuilds);
    if (old.known && !old.problem.isEmpty()) {
      tell(Observer::onRecovered);
    }
  }

  /** The source has shown no list. */
  void unconfirmed(Status reason) {
    Facts old = facts;
    boolean first = old.problem.isEmpty();
    long confirmed =
        first && continuity == Continuity.CONFIRMS ? ticker.getAsLong() : old.confirmedNanos;
    facts =
        new Facts(
            old.known,
            confirmed,
            String.valueOf(reason.getDescription()),
            old.skipped,
            old.held,
            old.rebuilds);
    if (old.known && first) {
      tell(observer -> observer.onStale(reason));
    }
  }

  void held(int endpoints) {
    Facts old = facts;
    if (endpoints != old.held) {
      facts = old.withHeld(endpoints);
      tell(observer -> observer.onDropHeld(endpoints));
    }
  }

  void rebuilt() {
    Facts now = facts.withRebuilds(facts.rebuilds + 1);
    facts = now;
    tell(observer -> observer.onRebuilt(now.rebuilds));
  }

  /** The list in use is that of a fallback; null for the target's own. */
  void use(@Nullable DiscoveryStatus other) {
    if (fallback != other) {
      fallback = other;
      String source = snapshot().target();
      tell(observer -> observer.onSource(source));
    }
  }

  /** Nanoseconds since the list was confirmed, 0 before the first. */
  long ageNanos() {
    return age(facts).map(Duration::toNanos).orElse(0L);
  }

  private Optional<Duration> age(Facts seen) {
    if (!seen.known) {
      return Optional.empty();
    }
    boolean continuous = continuity == Continuity.CONFIRMS && seen.problem.isEmpty();
    return Optional.of(
        continuous
            ? Duration.ZERO
            : Duration.ofNanos(Math.max(0, ticker.getAsLong() - seen.confirmedNanos)));
  }

  private void tell(Consumer<Observer> event) {
    for (Observer observer : observers) {
      try {
        event.accept(observer);
      } catch (RuntimeException e) {
        log.log(Level.WARNING, "target \"" + target + "\": an observer throws", e);
      }
    }
  }
}
