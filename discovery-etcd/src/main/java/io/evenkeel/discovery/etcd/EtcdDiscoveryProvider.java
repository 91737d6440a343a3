package io.evenkeel.discovery.etcd;

import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryProvider;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.discovery.Supervision;
import io.evenkeel.discovery.TargetQuery;
import java.net.URI;
import java.time.Duration;

/**
 * The scheme {@code etcd}: {@code etcd://10.0.0.1:2379/orders} are the instances of the service
 * {@code orders} in the etcd cluster of that member, {@code etcd://a,b,c:2379/prod/orders} names
 * several members, and a path before the service.
 *
 * <p>{@code ?tls=true} talks TLS with the system's authorities; files for TLS, user and password
 * come from {@link RegistryCredentials}. {@code ?codec=} names another {@link EtcdCodec} than
 * {@code go}, the layout of etcd's own Go package.
 *
 * <p>Changes are seen as soon as etcd tells them. All instances prove the service's name under TLS.
 */
public final class EtcdDiscoveryProvider extends DiscoveryProvider {
  static final String SCHEME = "etcd";

  /** One look is one connection and one answer, which an etcd that comes back can bear. */
  private static final Supervision SUPERVISION =
      Supervision.DEFAULT.withMaxBackoff(Duration.ofSeconds(5));

  /** For {@link java.util.ServiceLoader}. */
  public EtcdDiscoveryProvider() {
    super(SCHEME);
  }

  @Override
  protected Discovery open(URI target, DiscoveryContext context) {
    EtcdTarget service = EtcdTarget.service(target);
    TargetQuery query = TargetQuery.of(target);
    EtcdOptions options = EtcdOptions.of(query);
    query.rejectUnknown();
    EtcdAccess access = options.access(RegistryCredentials.of(SCHEME));
    return new EtcdDiscovery(
        service, options.codec(), context, () -> EtcdClient.open(service, access));
  }

  @Override
  protected Supervision supervision() {
    return SUPERVISION;
  }
}
