package io.evenkeel;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import java.util.Map;

/**
 * The attributes of an {@link EquivalentAddressGroup} that the balancer understands, for name
 * resolvers that are not Evenkeel's.
 *
 * <p>Each is optional; {@link Endpoint} states meaning, range and default. A value out of range
 * makes the balancer skip that address group and count it.
 */
public final class EndpointAttributes {

  /** Name of the process. */
  @EquivalentAddressGroup.Attr
  public static final Attributes.Key<String> ID = Attributes.Key.create("io.evenkeel.id");

  /** Share of the traffic relative to other endpoints. */
  @EquivalentAddressGroup.Attr
  public static final Attributes.Key<Integer> WEIGHT = Attributes.Key.create("io.evenkeel.weight");

  /** Failure domain. */
  @EquivalentAddressGroup.Attr
  public static final Attributes.Key<String> ZONE = Attributes.Key.create("io.evenkeel.zone");

  /** 0 is used first. */
  @EquivalentAddressGroup.Attr
  public static final Attributes.Key<Integer> PRIORITY =
      Attributes.Key.create("io.evenkeel.priority");

  /** What else the registration says. */
  @EquivalentAddressGroup.Attr
  public static final Attributes.Key<Map<String, String>> METADATA =
      Attributes.Key.create("io.evenkeel.metadata");

  private EndpointAttributes() {}
}
