package io.evenkeel.discovery.dns;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** What the name servers of a test know. Thread-safe. */
final class Zone {
  static final int TTL = 60;

  private final Map<Name, List<Record>> records = new LinkedHashMap<>();
  private long negativeTtl = -1;

  static Name name(String text) {
    try {
      return Name.fromString(text, Name.root);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static InetSocketAddress socket(String address, int port) {
    return new InetSocketAddress(InetAddresses.forString(address), port);
  }

  /** Adds address records, of the kind that the addresses are. */
  synchronized Zone address(String name, long ttl, String... addresses) {
    for (String each : addresses) {
      InetAddress address = InetAddresses.forString(each);
      add(
          address.getAddress().length == 4
              ? new ARecord(name(name), DClass.IN, ttl, address)
              : new AAAARecord(name(name), DClass.IN, ttl, address));
    }
    return this;
  }

  synchronized Zone srv(String name, int priority, int weight, int port, String target) {
    add(new SRVRecord(name(name), DClass.IN, TTL, priority, weight, port, name(target)));
    return this;
  }

  synchronized Zone alias(String name, long ttl, String target) {
    add(new CNAMERecord(name(name), DClass.IN, ttl, name(target)));
    return this;
  }

  synchronized Zone txt(String name, List<String> pieces) {
    add(new TXTRecord(name(name), DClass.IN, TTL, pieces));
    return this;
  }

  synchronized Zone add(Record record) {
    records.computeIfAbsent(record.getName(), n -> new ArrayList<>()).add(record);
    return this;
  }

  synchronized Zone remove(String name) {
    records.remove(name(name));
    return this;
  }

  /** What is not there is believed not to be there for so many seconds; -1 to say nothing. */
  synchronized Zone negativeTtl(long seconds) {
    this.negativeTtl = seconds;
    return this;
  }

  /** Answers as a server that does not recurse and has all names. */
  synchronized Message answer(Message query) {
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    Record question = query.getQuestion();
    answer.addRecord(question, Section.QUESTION);
    List<Record> known = records.getOrDefault(question.getName(), List.of());
    for (Record each : known) {
      if (each.getType() == question.getType() || each.getType() == Type.CNAME) {
        answer.addRecord(each, Section.ANSWER);
      }
    }
    if (known.isEmpty()) {
      answer.getHeader().setRcode(Rcode.NXDOMAIN);
    }
    if (answer.getSection(Section.ANSWER).isEmpty() && negativeTtl >= 0) {
      answer.addRecord(soa(), Section.AUTHORITY);
    }
    return answer;
  }

  private SOARecord soa() {
    Name zone = name("test");
    return new SOARecord(zone, DClass.IN, Integer.MAX_VALUE, zone, zone, 1, 1, 1, 1, negativeTtl);
  }
}
