package io.evenkeel.discovery.kubernetes;

import io.evenkeel.testkit.process.KubernetesStub;
import java.io.IOException;
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

  static void clear() {
    System.clearProperty(NAME);
  }
}
