package io.evenkeel.discovery.zookeeper;

import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryProvider;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.discovery.Supervision;
import io.evenkeel.discovery.TargetQuery;
import io.evenkeel.discovery.zookeeper.CuratorCodec.PortChoice;
import java.net.URI;
import java.time.Duration;

/**
 * The scheme {@code zookeeper}: {@code zookeeper://10.0.0.1:2181/services/orders} are the instances
 * that Curator's service discovery, or this library, has registered as {@code orders} under the
 * base path {@code /services}; {@code zookeeper://a,b,c:2181/services/orders} names several members
 * of the ensemble.
 *
 * <p>{@code ?sslPort=true} uses an instance's {@code sslPort} where it has one. {@code ?tls=true}
 * talks TLS with the system's authorities; user, password and files for TLS come from {@link
 * RegistryCredentials}.
 *
 * <p>Changes are seen as soon as ZooKeeper tells them. All instances prove the service's name under
 * TLS. All targets of one ensemble, user and TLS share one session.
 */
public final class ZooKeeperDiscoveryProvider extends DiscoveryProvider {
  static final String SCHEME = "zookeeper";

  /** One look is one list and one read for each instance, over a connection that is there. */
  private static final Supervision SUPERVISION =
      Supervision.DEFAULT.withMaxBackoff(Duration.ofSeconds(5));

  /** For {@link java.util.ServiceLoader}. */
  public ZooKeeperDiscoveryProvider() {
    super(SCHEME);
  }

  @Override
  protected Discovery open(URI target, DiscoveryContext context) {
    ZooKeeperTarget service = ZooKeeperTarget.service(target);
    TargetQuery query = TargetQuery.of(target);
    PortChoice ports = query.booleanValue("sslPort", false) ? PortChoice.SSL : PortChoice.PLAIN;
    boolean tls = query.booleanValue("tls", false);
    query.rejectUnknown();
    return new ZooKeeperDiscovery(
        service,
        new CuratorCodec(ports),
        context,
        new ZooKeeperAccess(RegistryCredentials.of(SCHEME), tls),
        ZooKeeperClients.SHARED);
  }

  @Override
  protected Supervision supervision() {
    return SUPERVISION;
  }
}
