package io.evenkeel.discovery.consul;

import com.google.gson.JsonObject;
import io.evenkeel.Endpoint;
import io.evenkeel.registration.Lease;
import io.evenkeel.registration.RegistrationException;
import java.util.Optional;

/**
 * A service of a Consul agent, and the check it stands under.
 *
 * <p>Whose it is stands in its {@code Meta}, and in the id of its check, so that a renewal cannot
 * keep what another process has put in its place. Consul has no conditional write of services: an
 * entry is looked at right before it is written or removed, which leaves some milliseconds in which
 * another process can come between.
 */
final class ConsulLease implements Lease {
  private final ConsulAgentApi api;
  private final ConsulLeaseStore.Setting setting;
  private final Names names;
  private Optional<ServiceEntry> seen = Optional.empty(); // at the last look
  private boolean written;

  /**
   * What it is called.
   *
   * @param serviceId of the service at its agent
   * @param registrar what the owner of all leases of this registrar begins with
   * @param owner of this one
   */
  record Names(String service, String serviceId, String registrar, String owner) {

    String checkId() {
      return serviceId + ":" + owner;
    }
  }

  ConsulLease(ConsulAgentApi api, ConsulLeaseStore.Setting setting, Names names) {
    this.api = api;
    this.setting = setting;
    this.names = names;
  }

  /** One under which nothing was written cannot be lost. */
  @Override
  public State renew() throws RegistrationException {
    if (!written || passes()) {
      return State.ALIVE;
    }
    if (isTombstone(find())) {
      api.deregister(names.service, names.serviceId);
      return State.DEREGISTERED;
    }
    return State.LOST;
  }

  private boolean passes() throws RegistrationException {
    return setting.check() == ConsulCheck.TTL
        ? api.pass(names.service, names.checkId())
        : isOwn(find());
  }

  @Override
  public Standing look(Endpoint endpoint) throws RegistrationException {
    seen = find();
    if (seen.isEmpty()) {
      return Standing.MISSING;
    }
    if (isTombstone(seen)) {
      return Standing.DEREGISTERED;
    }
    if (!isOwn(seen)) {
      return seen.get().meta(ServiceMeta.OWNER).startsWith(names.registrar)
          ? Standing.CHANGED
          : Standing.TAKEN;
    }
    return says(seen.get(), endpoint) ? Standing.AS_WRITTEN : Standing.CHANGED;
  }

  private Optional<ServiceEntry> find() throws RegistrationException {
    return api.service(names.service, names.serviceId);
  }

  private boolean isOwn(Optional<ServiceEntry> entry) {
    return entry.isPresent() && isOwn(entry.get());
  }

  private boolean isOwn(ServiceEntry entry) {
    return entry.meta(ServiceMeta.OWNER).equals(names.owner);
  }

  private boolean isTombstone(Optional<ServiceEntry> entry) {
    return entry.isPresent() && entry.get().meta(ServiceMeta.DEREGISTERED).equals(names.owner);
  }

  private static boolean says(ServiceEntry entry, Endpoint endpoint) {
    try {
      return entry.endpoint().equals(endpoint);
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  @Override
  public void write(Endpoint endpoint, Claim claim) throws RegistrationException {
    if (claim == Claim.IF_UNTOUCHED && !find().equals(seen)) {
      return;
    }
    JsonObject body = ServiceRegistration.body(names.service, endpoint, names.owner);
    body.add("Tags", ServiceRegistration.array(setting.tags()));
    body.add("Check", setting.check().definition(names.checkId(), setting.ttl(), endpoint));
    written = true;
    api.register(names.service, body);
    api.awaitCatalogue(
        names.service,
        listed -> listed.entries().stream().anyMatch(each -> isOwn(each) && says(each, endpoint)));
  }

  @Override
  public void release() throws RegistrationException {
    if (!isOwn(find())) {
      return;
    }
    api.deregister(names.service, names.serviceId);
    api.awaitCatalogue(names.service, listed -> listed.entries().stream().noneMatch(this::isOwn));
  }
}
