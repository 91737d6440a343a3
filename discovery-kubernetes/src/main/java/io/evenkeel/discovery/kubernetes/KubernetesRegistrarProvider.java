package io.evenkeel.discovery.kubernetes;

import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.RegistrarProvider;
import java.net.URI;

/** Says why nobody registers in Kubernetes by hand. Stateless. */
public final class KubernetesRegistrarProvider implements RegistrarProvider {

  /** For {@link java.util.ServiceLoader}. */
  public KubernetesRegistrarProvider() {}

  @Override
  public String scheme() {
    return KubernetesDiscoveryProvider.SCHEME;
  }

  /**
   * Opens none.
   *
   * @throws IllegalArgumentException always
   */
  @Override
  public Registrar open(URI registry) {
    throw new IllegalArgumentException(
        "\""
            + registry
            + "\": Kubernetes registers pods itself, by the selector of a Service and the pods'"
            + " readiness (leave the registry out, and give the pod a readinessProbe)");
  }
}
