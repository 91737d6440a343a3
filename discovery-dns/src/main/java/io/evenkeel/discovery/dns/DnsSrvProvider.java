package io.evenkeel.discovery.dns;

import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryProvider;
import io.evenkeel.discovery.Supervision;
import java.net.URI;

/**
 * The scheme {@code dns+srv}: every SRV record of a name is an endpoint with its port, priority and
 * weight, at the addresses of its target. The name is looked up again each time one of the records
 * expires.
 *
 * <pre>
 * dns+srv:///_grpc._tcp.orders.example
 * dns+srv://10.0.0.2:8600/_orders._tcp.service.consul
 * </pre>
 *
 * <p>Servers prove the name without {@code _service._proto.} under TLS, not the target of the
 * record, which whoever forges an answer could choose. The parameters are those of {@link
 * DnsSettings}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2782">RFC 2782</a>
 */
public final class DnsSrvProvider extends DiscoveryProvider {

  /** For {@link java.util.ServiceLoader}. */
  public DnsSrvProvider() {
    super("dns+srv");
  }

  @Override
  protected Discovery open(URI target, DiscoveryContext context) {
    DnsTarget parsed = DnsTarget.ofService(target);
    DnsSettings settings = DnsSettings.of(target);
    DnsAccess access = SystemAccess.of(parsed.servers(), context);
    return new DnsDiscovery(
        (serial, timers) -> new SrvLookup(parsed.host(), settings.lookup(serial, timers)),
        access,
        settings,
        context);
  }

  @Override
  protected String authority(URI target) {
    return DnsTarget.ofService(target).authority();
  }

  @Override
  protected Supervision supervision() {
    return Supervision.SELF_POLLING;
  }
}
