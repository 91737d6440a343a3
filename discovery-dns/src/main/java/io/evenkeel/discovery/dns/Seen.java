package io.evenkeel.discovery.dns;

import io.evenkeel.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * What one look found.
 *
 * @param outcome RECORDS if there are endpoints
 * @param domain the name whose service config applies; null where none was looked up in DNS
 * @param problems what could not be found out or was left out; says why, if there are no endpoints
 * @param ttlNanos how long this may be believed, or {@link Reply#NO_TTL}
 * @param complete false where asking again soon may find more
 */
record Seen(
    Outcome outcome,
    @Nullable Name domain,
    List<Endpoint> endpoints,
    List<String> problems,
    long ttlNanos,
    boolean complete) {

  /** Nothing can be said. */
  static Seen failed(String why) {
    return none(Outcome.FAILURE, List.of(why), Reply.NO_TTL);
  }

  /** No endpoints, for these reasons. */
  static Seen none(Outcome outcome, List<String> why, long ttlNanos) {
    return new Seen(outcome, null, List.of(), why, ttlNanos, true);
  }

  /** This, with {@code problems} in place of its own. */
  Seen withProblems(List<String> problems) {
    return new Seen(outcome, domain, endpoints, problems, ttlNanos, complete);
  }
}
