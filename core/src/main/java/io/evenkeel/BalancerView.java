package io.evenkeel;

import io.grpc.NameResolver;

/**
 * The balancer of one channel, for whoever wants to look at it. A channel has one while it is in
 * use, and another each time it comes back from idleness. Thread-safe.
 */
public interface BalancerView {

  /** More explained picks than this are not kept. */
  int MAX_EXPLAINED_PICKS = 10_000;

  /**
   * How many picks the balancer of a channel explains from its start, where the channel was not
   * built by {@link Evenkeel#channel}: {@code
   * builder.setNameResolverArg(BalancerView.EXPLAIN_PICKS, 100)}.
   */
  NameResolver.Args.Key<Integer> EXPLAIN_PICKS =
      NameResolver.Args.Key.create("io.evenkeel.explainPicks");

  /** What the channel was built for. */
  String target();

  /** The policy that chooses now; empty before the first list of endpoints. */
  String policy();

  /**
   * How everything stands. It only reads: it never waits, takes no lock that calls or the channel
   * take, and works when the channel is stuck. It costs the calling thread time linear in the
   * number of endpoints. What it says of one endpoint's state belongs together; two endpoints may
   * be a moment apart.
   */
  BalancerSnapshot snapshot();

  /**
   * Keeps the last {@code lastN} picks with their reasons, from the next moments on; 0 ends it. A
   * pick then costs microseconds and a lock, so this is for looking into something.
   *
   * @param lastN 0 to {@value #MAX_EXPLAINED_PICKS}, 0 by default
   */
  void explainPicks(int lastN);
}
