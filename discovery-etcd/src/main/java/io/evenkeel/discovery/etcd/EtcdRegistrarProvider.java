package io.evenkeel.discovery.etcd;

import io.evenkeel.config.ConfigException;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.discovery.TargetQuery;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.RegistrarProvider;
import io.evenkeel.registration.RegistrationRules.Reach;
import java.net.URI;
import java.time.Duration;

/**
 * Opens registries in etcd: {@code etcd://10.0.0.1:2379} keeps the instances of {@code orders}
 * below {@code orders/}, {@code etcd://10.0.0.1:2379/prod} below {@code prod/orders/}.
 *
 * <p>{@code ?ttl=10s}, 2 s to 1 h in whole seconds and 10 s by default, is how long an instance is
 * listed after its process died without a word. Loopback addresses are refused, because they lead
 * each client to itself, unless {@code ?loopback=allow} says that all clients are on this machine.
 * {@code ?tls=} and {@code ?codec=} are those of {@link EtcdDiscoveryProvider}, and so are the
 * credentials.
 */
public final class EtcdRegistrarProvider implements RegistrarProvider {
  private static final Duration DEFAULT_TTL = Duration.ofSeconds(10);

  /** etcd's own least, with its default timing. */
  private static final Duration MIN_TTL = Duration.ofSeconds(2);

  private static final Duration MAX_TTL = Duration.ofHours(1);

  /** For {@link java.util.ServiceLoader}. */
  public EtcdRegistrarProvider() {}

  @Override
  public String scheme() {
    return EtcdDiscoveryProvider.SCHEME;
  }

  @Override
  public Registrar open(URI registry) {
    EtcdTarget target = EtcdTarget.registry(registry);
    TargetQuery query = TargetQuery.of(registry);
    EtcdOptions options = EtcdOptions.of(query);
    EtcdRegistrar.Setting setting = new EtcdRegistrar.Setting(ttl(query), reach(query));
    query.rejectUnknown();
    EtcdAccess access = options.access(RegistryCredentials.of(scheme()));
    return new EtcdRegistrar(
        target, options.codec(), setting, () -> EtcdClient.open(target, access));
  }

  private static Duration ttl(TargetQuery query) {
    Duration ttl = query.durationValue("ttl", DEFAULT_TTL, MIN_TTL, MAX_TTL);
    if (ttl.toMillisPart() != 0) {
      throw new ConfigException(
          "?ttl: " + ttl.toMillis() + "ms (expected: whole seconds, as etcd counts them)");
    }
    return ttl;
  }

  private static Reach reach(TargetQuery query) {
    return Reach.ofLoopback(query.stringValue("loopback", "refuse"));
  }
}
