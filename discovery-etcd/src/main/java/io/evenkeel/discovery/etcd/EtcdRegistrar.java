package io.evenkeel.discovery.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.etcd.EtcdErrors.Wish;
import io.evenkeel.registration.LeaseKeeper;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.registration.RegistrationRules;
import io.evenkeel.registration.RegistrationRules.Reach;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Registers instances in etcd, each under a lease of its own, which {@link LeaseKeeper} keeps.
 *
 * <p>A question about a lease is answered or fails within a third of the TTL, 2 s at least and 5 s
 * at most, any other within 5 s; {@link #register}, an update and each closing within {@link
 * LeaseKeeper#ANSWER_BOUND}. Thread-safe.
 */
final class EtcdRegistrar implements Registrar {
  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(2);
  private static final int TIMEOUTS_PER_TTL = 3;

  /** Added to a key it makes the next one. */
  private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

  /** Bound on the entries of one answer while all services are listed. */
  private static final int PAGE = 500;

  /** Bound on the tries to remove an entry that changes all the time. */
  private static final int REMOVALS = 5;

  private final EtcdTarget target;
  private final EtcdCodec codec;
  private final EtcdCalls calls;
  private final EtcdCalls leaseCalls;
  private final EtcdLeaseStore store;
  private final LeaseKeeper keeper;

  /**
   * What the URI says of registering.
   *
   * @param ttl whole seconds
   * @param reach who is to find the instances
   */
  record Setting(Duration ttl, Reach reach) {}

  EtcdRegistrar(EtcdTarget target, EtcdCodec codec, Setting setting, EtcdClient.Factory clients) {
    this.target = target;
    this.codec = codec;
    this.calls = new EtcdCalls(target, clients, EtcdClient.CALL_TIMEOUT);
    this.leaseCalls = new EtcdCalls(target, clients, leaseTimeout(setting.ttl));
    this.store = new EtcdLeaseStore(target, codec, leaseCalls, setting.ttl);
    this.keeper = new LeaseKeeper(store, setting.reach, "evenkeel-etcd-lease");
  }

  private static Duration leaseTimeout(Duration ttl) {
    Duration part = ttl.dividedBy(TIMEOUTS_PER_TTL);
    Duration least = part.compareTo(MIN_TIMEOUT) < 0 ? MIN_TIMEOUT : part;
    return least.compareTo(EtcdClient.CALL_TIMEOUT) > 0 ? EtcdClient.CALL_TIMEOUT : least;
  }

  @Override
  public void check(String service, Endpoint endpoint) {
    keeper.check(service, endpoint);
  }

  @Override
  public Registration register(String service, Endpoint endpoint) throws RegistrationException {
    return keeper.register(service, endpoint);
  }

  @Override
  public boolean deregister(String service, String id) throws RegistrationException {
    RegistrationRules.checkService(service);
    RegistrationRules.checkId(id);
    boolean own = keeper.deregister(service, id);
    String prefix = target.service(service).prefix();
    ByteString key = store.key(service, id);
    for (int i = 0; i < REMOVALS; i++) {
      Optional<KeyValue> entry =
          range(prefix, RangeRequest.newBuilder().setKey(key)).getKvsList().stream().findFirst();
      if (entry.isEmpty()) {
        return own;
      }
      if (EtcdTombstones.remove(calls, target, service, entry.get())) {
        return true;
      }
    }
    throw new RegistrationException(
        "%s: instance \"%s\" of service \"%s\" was not removed: it changed each time"
            .formatted(target.describe(), id, service));
  }

  /** All entries are read: a key alone does not tell whether it is an instance. */
  @Override
  public List<String> services() throws RegistrationException {
    TreeSet<String> services = new TreeSet<>();
    ByteString next = EtcdKeys.first(target.prefix());
    RangeResponse page;
    do {
      page =
          range(
              target.prefix(),
              RangeRequest.newBuilder()
                  .setKey(next)
                  .setRangeEnd(EtcdKeys.end(target.prefix()))
                  .setLimit(PAGE));
      for (KeyValue entry : page.getKvsList()) {
        String service = serviceOf(entry);
        if (service != null && read(service, entry) != null) {
          services.add(service);
        }
        next = entry.getKey().concat(ZERO);
      }
    } while (page.getMore());
    return List.copyOf(services);
  }

  /** The first segment after the registry's path, or null if no service can have that name. */
  private @Nullable String serviceOf(KeyValue entry) {
    String key = entry.getKey().toStringUtf8().substring(target.prefix().length());
    int slash = key.indexOf('/');
    try {
      return slash < 0 ? null : RegistrationRules.checkService(key.substring(0, slash));
    } catch (IllegalArgumentException notOfAService) {
      return null;
    }
  }

  @Override
  public List<Endpoint> instances(String service) throws RegistrationException {
    String prefix = target.service(RegistrationRules.checkService(service)).prefix();
    RangeResponse all =
        range(
            prefix,
            RangeRequest.newBuilder()
                .setKey(EtcdKeys.first(prefix))
                .setRangeEnd(EtcdKeys.end(prefix)));
    List<Endpoint> instances = new ArrayList<>();
    for (KeyValue entry : all.getKvsList()) {
      Endpoint endpoint = read(service, entry);
      if (endpoint != null) {
        instances.add(endpoint);
      }
    }
    instances.sort(Comparator.comparing(Endpoint::id));
    return instances;
  }

  /** The instance in {@code entry}, or null if it is none. */
  private @Nullable Endpoint read(String service, KeyValue entry) {
    String prefix = target.service(service).prefix();
    String key = entry.getKey().toStringUtf8().substring(prefix.length());
    try {
      return codec.read(key, entry.getValue().toByteArray());
    } catch (IllegalArgumentException noInstance) {
      return null;
    }
  }

  private RangeResponse range(String prefix, RangeRequest.Builder request)
      throws RegistrationException {
    return calls.ask(KVGrpc.getRangeMethod(), request.build(), Wish.read(prefix));
  }

  @Override
  public void close() {
    keeper.close();
    leaseCalls.close();
    calls.close();
  }

  @Override
  public String toString() {
    return target.describe();
  }
}
