package io.evenkeel.discovery.dns;

import com.google.common.collect.ImmutableList;
import io.evenkeel.discovery.TargetQuery;
import io.grpc.SynchronizationContext;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import org.xbill.DNS.Type;

/**
 * The parameters of a target, behind its {@code ?}.
 *
 * @param interval time between two looks whatever the records say, 1 s to 24 h; zero to go by their
 *     TTL, the default
 * @param minTtl the least TTL that is believed, 1 s to 24 h, 1 s by default
 * @param maxTtl the greatest TTL that is believed, 1 s to 24 h, 5 min by default
 * @param family which addresses are used, {@code any} by default
 * @param txt whether a service config is read from TXT records, off by default: whoever can write
 *     TXT records can then decide how clients call
 */
record DnsSettings(
    Duration interval, Duration minTtl, Duration maxTtl, Family family, boolean txt) {
  static final Duration MIN_TTL = Duration.ofSeconds(1);
  static final Duration MAX_TTL = Duration.ofMinutes(5);
  private static final Duration BOUND = Duration.ofHours(24);

  /** Which kinds of addresses endpoints are made of. */
  enum Family {
    ANY(Type.A, Type.AAAA),
    IPV4(Type.A),
    IPV6(Type.AAAA);

    private final ImmutableList<Integer> types;

    Family(Integer... types) {
      this.types = ImmutableList.copyOf(types);
    }

    /** The types of records that hold such addresses. */
    List<Integer> types() {
      return types;
    }

    private static Family of(String text) {
      return Arrays.stream(values())
          .filter(family -> family.name().toLowerCase(Locale.ROOT).equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "?family: \"" + text + "\" (expected: any, ipv4 or ipv6)"));
    }
  }

  /**
   * Reads the query of {@code target}.
   *
   * @throws IllegalArgumentException naming the parameter and what was expected
   */
  static DnsSettings of(URI target) {
    TargetQuery query = TargetQuery.of(target);
    DnsSettings settings =
        new DnsSettings(
            query.durationValue("interval", Duration.ZERO, MIN_TTL, BOUND),
            query.durationValue("minTtl", MIN_TTL, MIN_TTL, BOUND),
            query.durationValue("maxTtl", MAX_TTL, MIN_TTL, BOUND),
            Family.of(query.stringValue("family", "any")),
            query.booleanValue("txt", false));
    query.rejectUnknown();
    if (settings.minTtl.compareTo(settings.maxTtl) > 0) {
      throw new IllegalArgumentException(
          "?minTtl: %s is more than ?maxTtl, %s".formatted(settings.minTtl, settings.maxTtl));
    }
    return settings;
  }

  /** What the look-up of addresses needs of this. */
  AddressLookup lookup(SynchronizationContext serial, ScheduledExecutorService timers) {
    return new AddressLookup(family.types(), serial, timers);
  }
}
