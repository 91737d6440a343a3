package io.evenkeel.discovery.dns;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What name servers said to one question.
 *
 * @param records those that were asked for; empty unless {@code outcome} is RECORDS
 * @param additional what the server expects to be asked for next
 * @param ttlNanos how long this may be believed; {@link #NO_TTL} where the answer does not say
 * @param alias the name to ask for in place of the one asked for, where the server left that to us;
 *     otherwise the name the records stand under
 * @param detail which server said what, for messages
 */
record Reply(
    Outcome outcome,
    List<Record> records,
    List<Record> additional,
    long ttlNanos,
    Name alias,
    String detail)
    implements Answer {
  static final long NO_TTL = -1;

  /** RFC 2181: a TTL with the highest bit set counts as 0. */
  private static final long MAX_TTL_SECONDS = Integer.MAX_VALUE;

  /** Reads what {@code server} answered to the question for {@code name}. */
  static Reply of(Message message, Name name, int type, InetSocketAddress server) {
    String from = Hosts.text(server);
    int rcode = message.getRcode();
    if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
      return failed(Outcome.FAILURE, name, from + ": " + Rcode.string(rcode));
    }
    Chain chain = new Chain(message.getSection(Section.ANSWER), name, type);
    List<Record> additional = message.getSection(Section.ADDITIONAL);
    if (!chain.records.isEmpty()) {
      return new Reply(Outcome.RECORDS, chain.records, additional, chain.ttlNanos, chain.end, from);
    }
    Outcome outcome = rcode == Rcode.NXDOMAIN ? Outcome.NO_SUCH_NAME : Outcome.NO_RECORDS;
    return new Reply(
        outcome,
        List.of(),
        additional,
        negativeTtlNanos(message),
        chain.end,
        from + ": " + (outcome == Outcome.NO_SUCH_NAME ? "NXDOMAIN" : "no such records"));
  }

  static Reply failed(Outcome outcome, Name name, String detail) {
    return new Reply(outcome, List.of(), List.of(), NO_TTL, name, detail);
  }

  /** Whether the server named an alias and left it at that, as one that does not recurse may. */
  boolean leavesAliasTo(Name asked) {
    return outcome == Outcome.NO_RECORDS && ttlNanos == NO_TTL && !alias.equals(asked);
  }

  /** RFC 2308: the lesser of the SOA record's own TTL and its minimum. */
  private static long negativeTtlNanos(Message message) {
    for (Record each : message.getSection(Section.AUTHORITY)) {
      if (each instanceof SOARecord soa) {
        return Math.min(ttlNanos(soa.getTTL()), ttlNanos(soa.getMinimum()));
      }
    }
    return NO_TTL;
  }

  static long ttlNanos(Record record) {
    return ttlNanos(record.getTTL());
  }

  private static long ttlNanos(long seconds) {
    return seconds > MAX_TTL_SECONDS ? 0 : TimeUnit.SECONDS.toNanos(seconds);
  }

  /** The records of one type that a name leads to, over aliases that the same answer holds. */
  private static final class Chain {
    final List<Record> records = new ArrayList<>();
    Name end;
    long ttlNanos = Long.MAX_VALUE;

    Chain(List<Record> answers, Name name, int type) {
      end = name;
      Set<Name> seen = new HashSet<>();
      while (seen.add(end)) {
        Name at = end;
        for (Record each : answers) {
          if (each.getName().equals(at)) {
            take(each, type);
          }
        }
      }
    }

    private void take(Record each, int type) {
      if (each.getType() == type) {
        records.add(each);
      } else if (each.getType() == Type.CNAME && records.isEmpty()) {
        end = ((CNAMERecord) each).getTarget();
      } else {
        return;
      }
      ttlNanos = Math.min(ttlNanos, ttlNanos(each));
    }
  }
}
