package io.evenkeel.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.evenkeel.testkit.ThrowawayCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTlsTest {
  private static final char[] PASSWORD = "secret".toCharArray();

  @TempDir private Path directory;
  private Path certFile;
  private Path keyFile;

  @BeforeEach
  void makeCertificate() throws Exception {
    Path store = directory.resolve("store.p12");
    certFile = directory.resolve("cert.pem");
    keyFile = directory.resolve("key.pem");
    ThrowawayCertificate.makeForLoopback(store);
    ThrowawayCertificate.writePem(store, certFile, keyFile);
  }

  @Test
  void read_filesNamed_areInTheStores() throws Exception {
    RegistryTls tls =
        RegistryTls.read(
            RegistryCredentials.builder().caFile(certFile).keyPair(certFile, keyFile).build());

    assertThat(tls.authorities().size()).isEqualTo(1);
    assertThat(tls.keys(PASSWORD).getKey("key", PASSWORD)).isNotNull();
    assertThat(tls.context().getProtocol()).isEqualTo("TLS");
  }

  @Test
  void read_noFiles_isTheSystems() throws Exception {
    RegistryTls tls = RegistryTls.read(RegistryCredentials.NONE);

    assertThat(tls.authorities()).isNull();
    assertThat(tls.keys(PASSWORD)).isNull();
    assertThat(tls).hasToString("TLS with the system's authorities");
  }

  @Test
  void equals_sameContents_untilOneChanges() throws Exception {
    RegistryCredentials credentials = RegistryCredentials.builder().caFile(certFile).build();
    RegistryTls before = RegistryTls.read(credentials);
    assertThat(RegistryTls.read(credentials)).isEqualTo(before).hasSameHashCodeAs(before);

    Files.writeString(certFile, Files.readString(certFile).repeat(2));

    assertThat(RegistryTls.read(credentials)).isNotEqualTo(before);
  }

  @Test
  void context_keyOfAnUnknownKind_isRefused() throws Exception {
    Files.writeString(keyFile, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    RegistryTls tls =
        RegistryTls.read(RegistryCredentials.builder().keyPair(certFile, keyFile).build());

    assertThatIOException()
        .isThrownBy(tls::context)
        .withMessageStartingWith("a file for TLS is no PEM certificate or key");
  }
}
