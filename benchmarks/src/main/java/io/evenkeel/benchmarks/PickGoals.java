package io.evenkeel.benchmarks;

import java.util.EnumSet;
import java.util.Set;

/** What a pick is meant to cost, alone and beside its peer. */
final class PickGoals {
  private static final Goal AS_FAST_AS_THE_PEER = Goal.atMost("ratio", 1);
  private static final Goal TWICE_AS_FAST = Goal.atMost("ratio", 0.5);
  private static final Goal FAST = Goal.atMost("ns", 60);
  private static final Goal NO_GARBAGE = Goal.atMost("B", 0);

  private static final Goal LITTLE_MORE = Goal.atMost("ratio", 1.5);

  /** Their peers' threads share one counter. */
  private static final Set<Subject> SHARED_COUNTER =
      EnumSet.of(Subject.EVENKEEL_ROUND_ROBIN, Subject.EVENKEEL_WEIGHTED_ROUND_ROBIN);

  private PickGoals() {}

  static String judge(int threads, PickRow row) {
    // The profiler counts what the JVM allocates meanwhile too: thousandths of a byte per pick.
    return time(threads, row) + "; " + NO_GARBAGE.judge(Math.rint(row.figures().bytes()));
  }

  private static String time(int threads, PickRow row) {
    if (row.peer() == null) {
      return FAST.judge(row.figures().nanos());
    }
    if (row.ours().isGuarded()) {
      return LITTLE_MORE.judge(row.ratio());
    }
    boolean scales = threads > 1 && SHARED_COUNTER.contains(row.ours());
    return (scales ? TWICE_AS_FAST : AS_FAST_AS_THE_PEER).judge(row.ratio());
  }
}
