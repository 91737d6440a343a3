package io.evenkeel.discovery.kubernetes;

import io.evenkeel.testkit.process.KubernetesStub;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An API server for each test, to which {@link KubeconfigProperty} leads. */
abstract class OnKubernetesStub {
  @TempDir Path directory;
  KubernetesStub stub;

  @BeforeEach
  final void startStub() throws Exception {
    stub = KubernetesStub.start();
    KubeconfigProperty.use(stub, directory);
  }

  @AfterEach
  final void stopStub() {
    KubeconfigProperty.clear();
    stub.close();
  }
}
