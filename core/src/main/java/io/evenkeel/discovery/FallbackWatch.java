package io.evenkeel.discovery;

import io.evenkeel.DiscoveryStatus;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The target to fall back to, which is watched only while it is needed.
 *
 * <p>Used in one synchronization context only.
 */
final class FallbackWatch {
  private final Optional<SourceTarget> target;
  private final Supervisors supervisors;
  private final SynchronizationContext serial;
  private final Runnable onNews;
  private @Nullable Watch watch;
  private int turn; // tells the watch of now from earlier ones
  private @Nullable View view; // null until it says something

  FallbackWatch(
      Optional<SourceTarget> target,
      Supervisors supervisors,
      SynchronizationContext serial,
      Runnable onNews) {
    this.target = target;
    this.supervisors = supervisors;
    this.serial = serial;
    this.onNews = onNews;
  }

  boolean configured() {
    return target.isPresent();
  }

  /** Begins to watch, where there is a target and nobody has begun. */
  void need() {
    if (watch == null && target.isPresent()) {
      int mine = ++turn;
      watch = supervisors.watch(target.get(), news -> serial.execute(() -> take(mine, news)));
    }
  }

  /** Ends the watch and forgets what it brought. */
  void release() {
    if (watch != null) {
      watch.close();
      watch = null;
      turn++;
      view = null;
    }
  }

  /**
   * Whether it is watched and has said nothing yet. It will: its own supervisor makes silence an
   * error.
   */
  boolean pending() {
    return watch != null && view == null;
  }

  /** Its list; null where it has none. */
  @Nullable EndpointSet endpoints() {
    return view == null ? null : view.endpoints();
  }

  /** Why it has none; null where it has, or is not watched. */
  @Nullable Status failure() {
    return view == null ? null : view.failure();
  }

  /** How its discovery stands, where it has a list. */
  @Nullable DiscoveryStatus statusInUse() {
    return watch == null || endpoints() == null ? null : watch.status();
  }

  private void take(int from, View news) {
    if (from == turn) {
      view = news;
      onNews.run();
    }
  }
}
