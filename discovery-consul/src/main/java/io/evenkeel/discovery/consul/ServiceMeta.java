package io.evenkeel.discovery.consul;

/** Keys of {@code Service.Meta} that mean something here; every other one is metadata. */
final class ServiceMeta {
  static final String WEIGHT = "weight";
  static final String ZONE = "zone";
  static final String PRIORITY = "priority";

  /** {@code host:port,host:port} of an instance with more than one address. */
  static final String ADDRESSES = "addresses";

  /** What nobody but this library writes. */
  private static final String OWN = "evenkeel-";

  /** The id of the instance; Consul's own must be unique among all services of an agent. */
  static final String ID = OWN + "id";

  /** Whose registration it is: the registrar, a hyphen, and the lease. */
  static final String OWNER = OWN + "owner";

  /** In place of the owner: whose registration somebody has ended. */
  static final String DEREGISTERED = OWN + "deregistered";

  private ServiceMeta() {}

  /** Whether {@code key} is not metadata. */
  static boolean isReserved(String key) {
    return switch (key) {
      case WEIGHT, ZONE, PRIORITY, ADDRESSES -> true;
      default -> key.startsWith(OWN);
    };
  }
}
