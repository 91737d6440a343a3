package io.evenkeel.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.discovery.RegistryTls;
import io.evenkeel.testkit.ThrowawayCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.zookeeper.client.ZKClientConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooKeeperKeyStoresTest {
  @TempDir private Path directory;
  private RegistryTls tls;

  @BeforeEach
  void makeCertificate() throws Exception {
    Path store = directory.resolve("store.p12");
    Path certFile = directory.resolve("cert.pem");
    Path keyFile = directory.resolve("key.pem");
    ThrowawayCertificate.makeForLoopback(store);
    ThrowawayCertificate.writePem(store, certFile, keyFile);
    tls =
        RegistryTls.read(
            RegistryCredentials.builder().caFile(certFile).keyPair(certFile, keyFile).build());
  }

  @Test
  void write_files_areForThisUserOnlyAndGoneWhenClosed() throws Exception {
    ZooKeeperKeyStores stores = ZooKeeperKeyStores.write(tls);
    List<Path> files = files(stores);
    assertThat(files).hasSize(2);
    for (Path file : files) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }

    stores.close();
    stores.close();

    assertThat(files).noneMatch(Files::exists);
  }

  @Test
  void write_twice_haveDifferentPasswords() throws Exception {
    try (ZooKeeperKeyStores one = ZooKeeperKeyStores.write(tls);
        ZooKeeperKeyStores other = ZooKeeperKeyStores.write(tls)) {
      assertThat(password(one)).hasSize(32).isNotEqualTo(password(other));
    }
  }

  private static List<Path> files(ZooKeeperKeyStores stores) {
    ZKClientConfig config = config(stores);
    return List.of(
        Path.of(config.getProperty("zookeeper.ssl.keyStore.location")),
        Path.of(config.getProperty("zookeeper.ssl.trustStore.location")));
  }

  private static String password(ZooKeeperKeyStores stores) {
    return config(stores).getProperty("zookeeper.ssl.keyStore.password");
  }

  private static ZKClientConfig config(ZooKeeperKeyStores stores) {
    ZKClientConfig config = new ZKClientConfig();
    stores.applyTo(config);
    return config;
  }
}
