package io.evenkeel.discovery.fixed;

import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryProvider;
import io.evenkeel.discovery.Supervision;
import java.net.URI;

/**
 * The scheme {@code fixed}: endpoints written in the target, as in {@code
 * fixed:///a.example:8080;weight=9,b.example:8080;zone=z1}.
 *
 * <p>Entries are separated by commas. An entry is {@code host:port}, then any of {@code ;id=},
 * {@code ;weight=}, {@code ;zone=} and {@code ;priority=}. An IPv6 address stands in brackets,
 * which a URI spells {@code %5B::1%5D:8080}; {@link io.evenkeel.Targets#escape} does that. All
 * addresses of one host name make one endpoint.
 *
 * <p>Each server proves its own host name under TLS, unless the channel overrides the authority.
 */
public final class FixedDiscoveryProvider extends DiscoveryProvider {

  /** For {@link java.util.ServiceLoader}. */
  public FixedDiscoveryProvider() {
    super("fixed");
  }

  @Override
  protected Discovery open(URI target, DiscoveryContext context) {
    return new FixedDiscovery(FixedTarget.parse(target));
  }

  @Override
  protected Supervision supervision() {
    return Supervision.SELF_POLLING;
  }

  /** The first entry, so that a list of one behaves as if the server had been dialled directly. */
  @Override
  protected String authority(URI target) {
    return FixedTarget.parse(target).endpoints().get(0).displayAddress();
  }
}
