package io.evenkeel.discovery.kubernetes;

import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryProvider;
import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.discovery.Supervision;
import io.evenkeel.discovery.TargetQuery;
import java.net.URI;
import java.time.Duration;

/**
 * The scheme {@code kubernetes}: {@code kubernetes:///orders.prod:grpc} are the pods of the service
 * {@code orders} in the namespace {@code prod}, at their port {@code grpc}. Instead of its name
 * stands its number in the pods, or nothing where the service has one port only; without a
 * namespace it is that of this process.
 *
 * <p>The API server and the credentials are those of {@code KUBECONFIG} or {@code ~/.kube/config},
 * else those that Kubernetes gives every pod; {@link RegistryCredentials} come before them. They
 * need the verbs {@code list} and {@code watch} on {@code endpointslices.discovery.k8s.io}.
 *
 * <p>Changes are seen as soon as the API server tells them. All pods prove the service's name under
 * TLS, without the port: {@code orders.prod}.
 */
public final class KubernetesDiscoveryProvider extends DiscoveryProvider {
  static final String SCHEME = "kubernetes";

  /** A look is answered from the API server's memory; but many may look when it comes back. */
  private static final Supervision SUPERVISION =
      Supervision.DEFAULT.withMaxBackoff(Duration.ofSeconds(10));

  /** For {@link java.util.ServiceLoader}. */
  public KubernetesDiscoveryProvider() {
    super(SCHEME);
  }

  @Override
  protected Discovery open(URI target, DiscoveryContext context) {
    KubernetesTarget service = KubernetesTarget.parse(target);
    TargetQuery.of(target).rejectUnknown();
    RegistryCredentials credentials = RegistryCredentials.of(SCHEME);
    return new KubernetesDiscovery(service, context, () -> ApiClients.open(credentials));
  }

  @Override
  protected String authority(URI target) {
    return KubernetesTarget.parse(target).name();
  }

  @Override
  protected Supervision supervision() {
    return SUPERVISION;
  }
}
