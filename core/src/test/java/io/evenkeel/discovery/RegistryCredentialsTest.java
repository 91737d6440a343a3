package io.evenkeel.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.testkit.ThrowawayCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryCredentialsTest {
  @TempDir Path directory;

  @Test
  void fromEnvironment_nothingSet_isNothing() throws Exception {
    RegistryCredentials none = from(Map.of());

    assertThat(none.username()).isNull();
    assertThat(none.password()).isNull();
    assertThat(none.token()).isNull();
    assertThat(none.namesTlsFiles()).isFalse();
  }

  @Test
  void fromEnvironment_userAndPassword_areTaken() throws Exception {
    RegistryCredentials user =
        from(Map.of("EVENKEEL_ETCD_USERNAME", "root", "EVENKEEL_ETCD_PASSWORD", "secret"));

    assertThat(user.username()).isEqualTo("root");
    assertThat(user.password()).isEqualTo("secret");
  }

  @Test
  void password_fileThatChanges_isReadAgain() throws Exception {
    Path file = Files.writeString(directory.resolve("password"), "one\n");
    RegistryCredentials user =
        from(
            Map.of(
                "EVENKEEL_ETCD_USERNAME", "root", "EVENKEEL_ETCD_PASSWORD_FILE", file.toString()));
    assertThat(user.password()).isEqualTo("one");

    Files.writeString(file, "two\r\n");

    assertThat(user.password()).isEqualTo("two");
  }

  @Test
  void token_fileMissing_isNamed() {
    Path nowhere = directory.resolve("nowhere");
    RegistryCredentials token = RegistryCredentials.builder().tokenFile(nowhere).build();

    assertThatIOException()
        .isThrownBy(token::token)
        .withMessage("token file " + nowhere + " cannot be read");
  }

  @Test
  void token_fileTooLarge_isRefused() throws Exception {
    Path large = Files.write(directory.resolve("large"), new byte[(64 << 10) + 1]);

    assertThatIOException()
        .isThrownBy(() -> RegistryCredentials.builder().tokenFile(large).build().token())
        .withMessageContaining("larger than");
  }

  @ParameterizedTest
  @CsvSource({
    "USERNAME, PASSWORD",
    "PASSWORD, USERNAME",
    "CERT_FILE, KEY_FILE",
    "KEY_FILE, CERT_FILE",
  })
  void fromEnvironment_halfOfAPair_isRefused(String set, String missing) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> from(Map.of("EVENKEEL_ETCD_" + set, "secret")))
        .withMessage("EVENKEEL_ETCD_" + set + " is set without EVENKEEL_ETCD_" + missing);
  }

  @Test
  void fromEnvironment_sameTwice_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> from(Map.of("EVENKEEL_ETCD_TOKEN", "secret", "EVENKEEL_ETCD_TOKEN_FILE", "f")))
        .withMessageContaining("EVENKEEL_ETCD_TOKEN and EVENKEEL_ETCD_TOKEN_FILE")
        .withMessageNotContaining("secret");
  }

  @Test
  void toString_always_tellsWhatIsSetAndNeverToWhat() {
    RegistryCredentials all =
        RegistryCredentials.builder()
            .user("hidden-user", "hidden-password")
            .token("hidden-token")
            .caFile(Path.of("hidden-file"))
            .build();

    assertThat(all).hasToString("RegistryCredentials[username, password, token, CA file]");
  }

  @Test
  void tls_noFiles_trustsTheSystem() throws Exception {
    assertThat(RegistryCredentials.NONE.tls()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "EVENKEEL_ETCD_USERNAME,true",
    "EVENKEEL_ETCD_PASSWORD_FILE,true",
    "EVENKEEL_DNS_SRV_CA_FILE,true",
    "EVENKEEL_ETCD_PASWORD,false",
    "EVENKEEL_PASSWORD,false",
    "ETCD_PASSWORD,false"
  })
  void isVariable_name_isWhatSomeSchemeReads(String name, boolean read) {
    assertThat(RegistryCredentials.isVariable(name)).isEqualTo(read);
  }

  @Test
  void tls_caFileWithoutACertificate_isNamed() throws Exception {
    Path hosts = Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost\n");

    assertThatIOException()
        .isThrownBy(() -> RegistryCredentials.builder().caFile(hosts).build().tls())
        .withMessageStartingWith("CA file " + hosts)
        .withMessageContaining("no certificate in PEM form");
  }

  @Test
  void tls_keyOfAnotherForm_isNamedWithWhatToDo() throws Exception {
    Path store = directory.resolve("store.p12");
    Path certificate = directory.resolve("cert.pem");
    Path key = directory.resolve("key.pem");
    ThrowawayCertificate.makeForLoopback(store);
    ThrowawayCertificate.writePem(store, certificate, key);
    RegistryCredentials right = RegistryCredentials.builder().keyPair(certificate, key).build();
    right.tls();

    Files.writeString(key, "-----BEGIN RSA PRIVATE KEY-----\n");

    assertThatIOException()
        .isThrownBy(right::tls)
        .withMessage(
            "key file %s is no PKCS#8 key in PEM form (openssl pkcs8 -topk8 -nocrypt makes one)",
            key);
  }

  @Test
  void tls_caFileMissing_isNamed() {
    Path nowhere = directory.resolve("nowhere");

    assertThatIOException()
        .isThrownBy(() -> RegistryCredentials.builder().caFile(nowhere).build().tls())
        .withMessage("CA file " + nowhere + " cannot be read");
  }

  @Test
  void set_fromCode_countsUntilUnset() {
    RegistryCredentials mine = RegistryCredentials.builder().token("t").build();

    RegistryCredentials.set("inventory", mine);

    assertThat(RegistryCredentials.of("inventory")).isSameAs(mine);
    RegistryCredentials.unset("inventory");
    assertThat(RegistryCredentials.of("inventory")).isNotSameAs(mine);
  }

  private static RegistryCredentials from(Map<String, String> environment) {
    return RegistryCredentials.fromEnvironment("etcd", environment::get);
  }
}
