package io.evenkeel.discovery.consul;

import io.evenkeel.discovery.Turns;
import java.time.Duration;

/**
 * How many connections this process uses at the same time. An agent takes 200 from one address
 * ({@code limits.http_max_conns_per_client}), keeps those of questions that were cancelled until
 * their wait ends, and other processes of the machine need some too.
 *
 * @param waiting for questions that wait for a change
 * @param asking for questions that are answered at once
 * @param lookInterval how often a service is looked at for which no connection is left to wait on
 */
record ConsulBudget(Turns waiting, Turns asking, Duration lookInterval) {
  /** So that a process which is started again gets its connections beside those of the last one. */
  static final int WAITING = 64;

  static final int ASKING = 16;

  /** 1,000 services are then 190 small questions a second. */
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(5);

  /** The one of this process. */
  static final ConsulBudget SHARED =
      new ConsulBudget(new Turns(WAITING), new Turns(ASKING), LOOK_INTERVAL);
}
