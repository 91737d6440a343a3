package io.evenkeel.discovery.consul;

import io.evenkeel.Endpoint;
import io.evenkeel.registration.LeaseKeeper;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.registration.RegistrationRules;
import io.evenkeel.registration.RegistrationRules.Reach;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Registers instances with a Consul agent, each with a check of its own, which {@link LeaseKeeper}
 * keeps.
 *
 * <p>A question about a lease is answered or fails within a third of the TTL, 1 s at least and 5 s
 * at most, any other within 5 s; {@link #register}, an update and each closing within {@link
 * LeaseKeeper#ANSWER_BOUND}. Thread-safe.
 */
final class ConsulRegistrar implements Registrar {
  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration MAX_TIMEOUT = Duration.ofSeconds(5);
  private static final int TIMEOUTS_PER_TTL = 3;

  /** Consul's servers, which are registered as a service and are not of its users. */
  private static final String CONSUL_ITSELF = "consul";

  private final ConsulAgentApi api;
  private final LeaseKeeper keeper;

  ConsulRegistrar(ConsulCalls calls, ConsulLeaseStore.Setting setting, Reach reach) {
    this.api = new ConsulAgentApi(calls, MAX_TIMEOUT);
    ConsulAgentApi leaseApi = new ConsulAgentApi(calls, leaseTimeout(setting.ttl()));
    this.keeper =
        new LeaseKeeper(new ConsulLeaseStore(leaseApi, setting), reach, "evenkeel-consul-lease");
  }

  private static Duration leaseTimeout(Duration ttl) {
    Duration part = ttl.dividedBy(TIMEOUTS_PER_TTL);
    Duration least = part.compareTo(MIN_TIMEOUT) < 0 ? MIN_TIMEOUT : part;
    return least.compareTo(MAX_TIMEOUT) > 0 ? MAX_TIMEOUT : least;
  }

  @Override
  public void check(String service, Endpoint endpoint) {
    keeper.check(service, endpoint);
    ServiceRegistration.check(endpoint);
  }

  @Override
  public Registration register(String service, Endpoint endpoint) throws RegistrationException {
    check(service, endpoint);
    return new Checked(keeper.register(service, endpoint));
  }

  /** Instances of other agents are theirs to remove, and bring themselves back otherwise. */
  @Override
  public boolean deregister(String service, String id) throws RegistrationException {
    RegistrationRules.checkService(service);
    RegistrationRules.checkId(id);
    boolean found = keeper.deregister(service, id);
    for (ServiceEntry entry : api.instances(service, ConsulFilter.any()).entries()) {
      if (idOf(entry).equals(Optional.of(id))) {
        remove(service, entry);
        found = true;
      }
    }
    return found;
  }

  private void remove(String service, ServiceEntry entry) throws RegistrationException {
    String serviceId = entry.serviceId();
    if (api.service(service, serviceId).isEmpty()) {
      throw new RegistrationException(
          "%s: %s is registered with another agent (name that one as the registry)"
              .formatted(api, entry.name()));
    }
    if (entry.meta(ServiceMeta.OWNER).isEmpty()) {
      api.deregister(service, serviceId);
    } else {
      api.register(service, ServiceRegistration.tombstone(entry));
    }
    api.awaitCatalogue(
        service,
        listed -> listed.entries().stream().noneMatch(each -> each.serviceId().equals(serviceId)));
  }

  private static Optional<String> idOf(ServiceEntry entry) {
    try {
      return Optional.of(entry.endpoint().id());
    } catch (IllegalArgumentException noInstance) {
      return Optional.empty();
    }
  }

  /** Each service is asked for, as the list of names does not tell whether an instance lives. */
  @Override
  public List<String> services() throws RegistrationException {
    List<String> services = new ArrayList<>();
    for (String service : api.services()) {
      if (!service.equals(CONSUL_ITSELF) && !live(service).isEmpty()) {
        services.add(service);
      }
    }
    return services;
  }

  @Override
  public List<Endpoint> instances(String service) throws RegistrationException {
    return live(RegistrationRules.checkService(service));
  }

  private List<Endpoint> live(String service) throws RegistrationException {
    return api.instances(service, ConsulFilter.passingOnly()).endpoints().endpoints();
  }

  @Override
  public void close() {
    keeper.close();
  }

  @Override
  public String toString() {
    return api.toString();
  }

  /** Refuses updates that Consul would refuse. */
  private record Checked(Registration kept) implements Registration {
    @Override
    public Endpoint endpoint() {
      return kept.endpoint();
    }

    @Override
    public void update(Endpoint endpoint) throws RegistrationException {
      ServiceRegistration.check(endpoint);
      kept.update(endpoint);
    }

    @Override
    public void close() {
      kept.close();
    }
  }
}
