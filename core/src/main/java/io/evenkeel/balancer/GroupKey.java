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

  /** Of an endpoint with {@code attributes}. */
  static GroupKey of(Attributes attributes, boolean zones) {
    @Nullable Integer priority = attributes.get(EndpointAttributes.PRIORITY);
    @Nullable String zone = zones ? attributes.get(EndpointAttributes.ZONE) : null;
    return new GroupKey(priority == null ? 0 : priority, zone == null ? "" : zone);
  }

  /** As people say it: {@code priority 1, zone "a"}. */
  @Override
  public String toString() {
    return "priority " + priority + (zone.isEmpty() ? "" : ", zone \"" + zone + '"');
  }
}
