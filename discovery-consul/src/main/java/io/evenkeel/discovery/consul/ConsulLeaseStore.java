package io.evenkeel.discovery.consul;

import io.evenkeel.registration.Lease;
import io.evenkeel.registration.LeaseStore;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Services of a Consul agent with a check each, one for each instance. */
final class ConsulLeaseStore implements LeaseStore {
  private final ConsulAgentApi api;
  private final Setting setting;
  private final String registrar = UUID.randomUUID().toString();
  private final AtomicLong leases = new AtomicLong();

  /**
   * What the registry's URI says of registering.
   *
   * @param tags of the services
   */
  record Setting(Duration ttl, ConsulCheck check, List<String> tags) {
    Setting {
      tags = List.copyOf(tags);
    }
  }

  ConsulLeaseStore(ConsulAgentApi api, Setting setting) {
    this.api = api;
    this.setting = setting;
  }

  @Override
  public Duration ttl() {
    return setting.ttl;
  }

  @Override
  public Lease grant(String service, String id) {
    return new ConsulLease(
        api,
        setting,
        new ConsulLease.Names(
            service,
            ServiceRegistration.serviceId(service, id),
            registrar,
            registrar + "-" + leases.incrementAndGet()));
  }

  @Override
  public String toString() {
    return api.toString();
  }
}
