package io.evenkeel.discovery.zookeeper;

import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.discovery.TargetQuery;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.RegistrarProvider;
import io.evenkeel.registration.RegistrationRules.Reach;
import java.net.URI;
import java.time.Duration;

/**
 * Opens registries in ZooKeeper: {@code zookeeper://10.0.0.1:2181/services} keeps the instances of
 * {@code orders} below {@code /services/orders}, as Curator's service discovery does for the base
 * path {@code /services}.
 *
 * <p>{@code ?ttl=10s}, 1 s to 10 min, is the time-out of the session: so long an instance is listed
 * after its process died without a word. ZooKeeper keeps it within bounds of its own, 4 s to 40 s
 * unless it is configured otherwise. Loopback addresses are refused, because they lead each client
 * to itself, unless {@code ?loopback=allow} says that all clients are on this machine. {@code
 * ?tls=} and the credentials are those of {@link ZooKeeperDiscoveryProvider}.
 */
public final class ZooKeeperRegistrarProvider implements RegistrarProvider {
  private static final Duration DEFAULT_TTL = Duration.ofSeconds(10);
  private static final Duration MIN_TTL = Duration.ofSeconds(1);
  private static final Duration MAX_TTL = Duration.ofMinutes(10);

  /** For {@link java.util.ServiceLoader}. */
  public ZooKeeperRegistrarProvider() {}

  @Override
  public String scheme() {
    return ZooKeeperDiscoveryProvider.SCHEME;
  }

  @Override
  public Registrar open(URI registry) {
    ZooKeeperTarget target = ZooKeeperTarget.registry(registry);
    TargetQuery query = TargetQuery.of(registry);
    Duration ttl = query.durationValue("ttl", DEFAULT_TTL, MIN_TTL, MAX_TTL);
    Reach reach = Reach.ofLoopback(query.stringValue("loopback", "refuse"));
    boolean tls = query.booleanValue("tls", false);
    query.rejectUnknown();
    ZooKeeperAccess access = new ZooKeeperAccess(RegistryCredentials.of(scheme()), tls);
    return new ZooKeeperRegistrar(target, access, new ZooKeeperRegistrar.Setting(ttl, reach));
  }
}
