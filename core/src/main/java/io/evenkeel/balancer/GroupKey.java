package io.evenkeel.balancer;

import io.evenkeel.EndpointAttributes;
import io.grpc.Attributes;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoints share the calls as one: those of the same priority and, where zones count, of the
 * same zone.
 *
 * @param priority 0 is to be used first
 * @param zone empty when unknown, or when zones do not count
 */
record GroupKey(int priority, String zone) {
  /** The one that is used first comes first. */
  static final Comparator<GroupKey> ORDER =
      Comparator.comparingInt(GroupKey::priority).thenComparing(GroupKey::zone);

  /** Most endpoints have it: one object for all. */
  private static final GroupKey PLAIN = new GroupKey(0, "");

  /** Of an endpoint with {@code attributes}. */
  static GroupKey of(Attributes attributes) {
    @Nullable Integer priority = attributes.get(EndpointAttributes.PRIORITY);
    @Nullable String zone = attributes.get(EndpointAttributes.ZONE);
    return of(priority == null ? 0 : priority, zone == null ? "" : zone);
  }

  /** This key where zones do not count. */
  GroupKey withoutZone() {
    return zone.isEmpty() ? this : of(priority, "");
  }

  private static GroupKey of(int priority, String zone) {
    return priority == 0 && zone.isEmpty() ? PLAIN : new GroupKey(priority, zone);
  }

  /** As people say it: {@code priority 1, zone "a"}. */
  @Override
  public String toString() {
    return "priority " + priority + (zone.isEmpty() ? "" : ", zone \"" + zone + '"');
  }
}
