package io.evenkeel.balancer;

import io.evenkeel.DiscoverySnapshot;
import io.evenkeel.Occurrence;
import io.grpc.Status;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what discovery has brought. Written in the synchronization context; any thread may
 * read.
 */
final class DiscoveryHistory {
  private final LongSupplier nanoTime;
  private final DiscoveryFollower follower;
  private volatile Memory memory = new Memory(null, 0, 0, null, 0, null);

  /** Replaced as a whole, so that what a reader sees belongs together. */
  private record Memory(
      @Nullable Event list,
      int skipped,
      long refusals,
      @Nullable Event refusal,
      long errors,
      @Nullable Event error) {}

  private record Event(String what, long atNanos) {}

  DiscoveryHistory(LongSupplier nanoTime, DiscoveryFollower follower) {
    this.nanoTime = nanoTime;
    this.follower = follower;
  }

  void accepted(EndpointList list) {
    Memory old = memory;
    int size = list.endpoints().size();
    Event event = event((size == 1 ? "1 endpoint" : size + " endpoints") + list.describeProblems());
    memory =
        new Memory(event, list.problems().size(), old.refusals, old.refusal, old.errors, old.error);
  }

  void refused(Status reason) {
    Memory old = memory;
    memory =
        new Memory(
            old.list,
            old.skipped,
            old.refusals + 1,
            event(ProblemReport.describe(reason)),
            old.errors,
            old.error);
  }

  void failed(Status error) {
    Memory old = memory;
    memory =
        new Memory(
            old.list,
            old.skipped,
            old.refusals,
            old.refusal,
            old.errors + 1,
            event(ProblemReport.describe(error)));
  }

  DiscoverySnapshot snapshot(SnapshotTime now) {
    Memory seen = memory;
    return new DiscoverySnapshot(
        dated(seen.list, now),
        seen.skipped,
        seen.refusals,
        dated(seen.refusal, now),
        seen.errors,
        dated(seen.error, now),
        follower.snapshot());
  }

  private Event event(String what) {
    return new Event(what, nanoTime.getAsLong());
  }

  private static Optional<Occurrence> dated(@Nullable Event event, SnapshotTime now) {
    return Optional.ofNullable(event).map(seen -> now.occurrence(seen.what, seen.atNanos));
  }
}
