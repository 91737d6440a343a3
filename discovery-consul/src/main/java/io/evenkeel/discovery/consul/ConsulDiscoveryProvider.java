package io.evenkeel.discovery.consul;

import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryProvider;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.discovery.Supervision;
import io.evenkeel.discovery.TargetQuery;
import java.net.URI;
import java.time.Duration;

/**
 * The scheme {@code consul}: {@code consul://10.0.0.1:8500/orders} are the instances of the service
 * {@code orders} whose checks pass, as the agent at that address tells it; {@code
 * consul://a,b:8500/orders} names several agents.
 *
 * <p>{@code ?tag=a,b} wants instances that have all these tags, {@code ?dc=} another datacentre,
 * {@code ?passing=false} also instances whose checks warn, with their weight for that. {@code
 * ?stale=true} takes answers of any server, {@code ?consistent=true} of a leader that has made sure
 * it is one. {@code ?wait=30s}, 1 s to 10 min, is how long a query waits for a change. {@code
 * ?tls=true} talks TLS with the system's authorities; the token and files for TLS come from {@link
 * RegistryCredentials}.
 *
 * <p>All instances prove the service's name under TLS.
 */
public final class ConsulDiscoveryProvider extends DiscoveryProvider {
  static final String SCHEME = "consul";

  /**
   * An agent keeps a query that was given up until its wait ends, so waits are shorter than the 5
   * min that are Consul's default. It is also how long a silent agent goes unnoticed.
   */
  private static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);

  private static final Duration MIN_WAIT = Duration.ofSeconds(1);
  private static final Duration MAX_WAIT = Duration.ofMinutes(10);

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

  /**
   * Each query ends in time and confirms the list, and nothing is kept that could break. One look
   * is one small answer, which a Consul that comes back can bear.
   */
  private static final Supervision SUPERVISION =
      Supervision.SELF_POLLING.withMaxBackoff(Duration.ofSeconds(5));

  /** For {@link java.util.ServiceLoader}. */
  public ConsulDiscoveryProvider() {
    super(SCHEME);
  }

  @Override
  protected Discovery open(URI target, DiscoveryContext context) {
    ConsulTarget service = ConsulTarget.service(target);
    TargetQuery query = TargetQuery.of(target);
    ConsulDiscovery.Setting setting =
        new ConsulDiscovery.Setting(
            service,
            ConsulFilter.of(query),
            query.durationValue("wait", DEFAULT_WAIT, MIN_WAIT, MAX_WAIT),
            ANSWER_TIMEOUT);
    boolean tls = query.booleanValue("tls", false);
    query.rejectUnknown();
    return new ConsulDiscovery(
        setting,
        new ConsulAccess(RegistryCredentials.of(SCHEME), tls),
        context,
        ConsulBudget.SHARED);
  }

  @Override
  protected Supervision supervision() {
    return SUPERVISION;
  }
}
