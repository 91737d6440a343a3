package io.evenkeel.server;

import io.evenkeel.Endpoint;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A registry in memory that fails as often, or hangs as long, as a test wants. */
final class MemoryRegistrar implements Registrar {
  private final Map<String, Endpoint> instances = new ConcurrentSkipListMap<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger closings = new AtomicInteger();
  private final Consumer<String> events;

  MemoryRegistrar() {
    this(event -> {});
  }

  /**
   * @param events told {@code register} and {@code deregister}; may block or throw
   */
  MemoryRegistrar(Consumer<String> events) {
    this.events = events;
  }

  MemoryRegistrar failing(int times) {
    failures.set(times);
    return this;
  }

  void recover() {
    failures.set(0);
  }

  int closings() {
    return closings.get();
  }

  @Override
  public Registration register(String service, Endpoint endpoint) throws RegistrationException {
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new RegistrationException("the registry is down");
    }
    events.accept("register");
    instances.put(endpoint.id(), endpoint);
    return new MemoryRegistration(endpoint);
  }

  @Override
  public boolean deregister(String service, String id) {
    return instances.remove(id) != null;
  }

  @Override
  public List<String> services() {
    return List.of();
  }

  @Override
  public List<Endpoint> instances(String service) {
    return List.copyOf(instances.values());
  }

  @Override
  public void close() {
    closings.incrementAndGet();
  }

  private final class MemoryRegistration implements Registration {
    private final Endpoint endpoint;

    MemoryRegistration(Endpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public Endpoint endpoint() {
      return endpoint;
    }

    @Override
    public void update(Endpoint changed) {
      instances.put(changed.id(), changed);
    }

    @Override
    public void close() {
      events.accept("deregister");
      instances.remove(endpoint.id());
    }
  }
}
