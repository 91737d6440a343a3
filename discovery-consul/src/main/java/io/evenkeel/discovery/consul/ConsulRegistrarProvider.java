package io.evenkeel.discovery.consul;

import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.discovery.TargetQuery;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.RegistrarProvider;
import io.evenkeel.registration.RegistrationRules.Reach;
import java.net.URI;
import java.time.Duration;

/**
 * Opens registries in Consul: {@code consul://10.0.0.1:8500} registers with the agent at that
 * address, {@code consul://a,b:8500} with the first one that answers.
 *
 * <p>{@code ?ttl=10s}, 1 s to 1 h and 10 s by default, is how long an instance is listed after its
 * process died without a word: by then its check is critical, and after another minute Consul
 * forgets it. {@code ?check=grpc} or {@code grpc-tls} has Consul call the gRPC health service of
 * the instance, twice per TTL, in place of renewals by the process. {@code ?tag=a,b} are tags of
 * its services. Loopback addresses are refused, because they lead each client to itself, unless
 * {@code ?loopback=allow} says that all clients are on this machine. {@code ?tls=} is that of
 * {@link ConsulDiscoveryProvider}, and so are the credentials.
 */
public final class ConsulRegistrarProvider implements RegistrarProvider {
  private static final Duration DEFAULT_TTL = Duration.ofSeconds(10);
  private static final Duration MIN_TTL = Duration.ofSeconds(1);
  private static final Duration MAX_TTL = Duration.ofHours(1);

  /** For {@link java.util.ServiceLoader}. */
  public ConsulRegistrarProvider() {}

  @Override
  public String scheme() {
    return ConsulDiscoveryProvider.SCHEME;
  }

  @Override
  public Registrar open(URI registry) {
    ConsulTarget target = ConsulTarget.registry(registry);
    TargetQuery query = TargetQuery.of(registry);
    ConsulLeaseStore.Setting setting =
        new ConsulLeaseStore.Setting(
            query.durationValue("ttl", DEFAULT_TTL, MIN_TTL, MAX_TTL),
            ConsulCheck.named(query.stringValue("check", "ttl")),
            ConsulFilter.tags(query));
    Reach reach = Reach.ofLoopback(query.stringValue("loopback", "refuse"));
    boolean tls = query.booleanValue("tls", false);
    query.rejectUnknown();
    ConsulAccess access = new ConsulAccess(RegistryCredentials.of(scheme()), tls);
    return new ConsulRegistrar(new ConsulCalls(target, access), setting, reach);
  }
}
