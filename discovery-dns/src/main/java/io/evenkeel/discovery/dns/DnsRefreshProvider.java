package io.evenkeel.discovery.dns;

import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryProvider;
import io.evenkeel.discovery.Supervision;
import java.net.URI;

/**
 * The scheme {@code dns+refresh}: every address of a host name is an endpoint, and the name is
 * looked up again each time its records expire, also while all connections are well. The difference
 * to grpc-java's {@code dns}, which asks again only once a connection is lost.
 *
 * <pre>
 * dns+refresh:///orders.example:8080
 * dns+refresh:///orders.example:8080?interval=10s
 * dns+refresh://10.0.0.2:53/orders.example:8080
 * </pre>
 *
 * <p>Servers prove the host name of the target under TLS. The parameters are those of {@link
 * DnsSettings}.
 */
public final class DnsRefreshProvider extends DiscoveryProvider {

  /** For {@link java.util.ServiceLoader}. */
  public DnsRefreshProvider() {
    super("dns+refresh");
  }

  @Override
  protected Discovery open(URI target, DiscoveryContext context) {
    DnsTarget parsed = DnsTarget.ofHost(target);
    DnsSettings settings = DnsSettings.of(target);
    DnsAccess access = SystemAccess.of(parsed.servers(), context);
    return new DnsDiscovery(
        (serial, timers) ->
            new HostLookup(parsed.host(), parsed.port(), settings.lookup(serial, timers)),
        access,
        settings,
        context);
  }

  @Override
  protected String authority(URI target) {
    return DnsTarget.ofHost(target).authority();
  }

  @Override
  protected Supervision supervision() {
    return Supervision.SELF_POLLING;
  }
}
