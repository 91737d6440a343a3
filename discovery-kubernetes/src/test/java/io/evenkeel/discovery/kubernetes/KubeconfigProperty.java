package io.evenkeel.discovery.kubernetes;

import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.testkit.WatchedDiscovery;
import io.evenkeel.testkit.process.KubernetesStub;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** The system property that means what {@code KUBECONFIG} does; it is the whole process's. */
final class KubeconfigProperty {
  private static final String NAME = "kubeconfig";

  private KubeconfigProperty() {}

  /** Leads to {@code stub}, and to the namespace {@code prod} where a target names none. */
  static void use(KubernetesStub stub, Path directory) throws IOException {
    use(stub.writeKubeconfig(directory.resolve("kubeconfig"), "prod"));
  }

  static void use(Path file) {
    System.setProperty(NAME, file.toString());
  }

  /** Begins to watch {@code target} where the property leads, now and whenever it looks again. */
  static WatchedDiscovery watch(String target) {
    KubernetesTarget parsed = KubernetesTarget.parse(URI.create(target));
    return WatchedDiscovery.start(
        context ->
            new KubernetesDiscovery(
                parsed, context, () -> ApiClients.open(RegistryCredentials.NONE)));
  }

  static void clear() {
    System.clearProperty(NAME);
  }
}
