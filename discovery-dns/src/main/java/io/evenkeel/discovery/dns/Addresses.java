package io.evenkeel.discovery.dns;

import java.net.InetAddress;
import java.util.List;
import org.xbill.DNS.Name;

/**
 * The addresses of one name.
 *
 * @param name absolute
 * @param addresses where the outcome is not RECORDS, those known from before
 * @param ttlNanos the least TTL, or {@link Reply#NO_TTL}
 * @param problems what could not be found out, one sentence each
 */
record Addresses(
    Outcome outcome, Name name, List<InetAddress> addresses, long ttlNanos, List<String> problems)
    implements Answer {

  /** Whether asking again soon would find no more than this. */
  boolean complete() {
    return outcome.isDefinite() && (outcome != Outcome.RECORDS || problems.isEmpty());
  }
}
