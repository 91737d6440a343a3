package io.evenkeel.discovery.zookeeper;

import io.evenkeel.discovery.RegistryTls;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.jspecify.annotations.Nullable;

/**
 * What TLS is made of, as ZooKeeper's client takes it: files, which it reads for each connection.
 *
 * <p>They can be read by this process's user only, under a password that is nowhere but in this
 * process, so that one which is left behind by a killed process is of no use to anybody. Not
 * thread-safe.
 */
final class ZooKeeperKeyStores implements AutoCloseable {
  private static final String TYPE = "PKCS12";
  private static final String SOCKET = "org.apache.zookeeper.ClientCnxnSocketNetty";
  private static final String PROTOCOLS = "TLSv1.3,TLSv1.2";
  private static final int PASSWORD_BYTES = 16;

  private final String password;
  private @Nullable Path authorities;
  private @Nullable Path keys;

  private ZooKeeperKeyStores(String password) {
    this.password = password;
  }

  /**
   * Writes what {@code tls} is made of.
   *
   * @throws IOException if the system's folder for temporary files takes none, or {@code tls} holds
   *     what is no certificate or key
   */
  static ZooKeeperKeyStores write(RegistryTls tls) throws IOException {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    ZooKeeperKeyStores stores = new ZooKeeperKeyStores(HexFormat.of().formatHex(random));
    try {
      stores.authorities = stores.write(tls.authorities());
      stores.keys = stores.write(tls.keys(stores.password.toCharArray()));
      return stores;
    } catch (IOException e) {
      stores.close();
      throw e;
    }
  }

  private @Nullable Path write(@Nullable KeyStore store) throws IOException {
    if (store == null) {
      return null;
    }
    Path file = Files.createTempFile("evenkeel-zookeeper-", ".p12");
    // For processes that end without closing their channels.
    file.toFile().deleteOnExit();
    try (OutputStream output = Files.newOutputStream(file)) {
      store.store(output, password.toCharArray());
      return file;
    } catch (GeneralSecurityException | IOException e) {
      Files.deleteIfExists(file);
      throw new IOException("key store " + file + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** Has a client talk TLS by these. */
  void applyTo(ZKClientConfig config) {
    config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
    config.setProperty(ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, SOCKET);
    try (ClientX509Util names = new ClientX509Util()) {
      if (config.getProperty(names.getSslEnabledProtocolsProperty()) == null) {
        // Else it were the newest that the JDK knows and no other, which servers of 3.8 do not.
        config.setProperty(names.getSslEnabledProtocolsProperty(), PROTOCOLS);
      }
      if (authorities != null) {
        config.setProperty(names.getSslTruststoreLocationProperty(), authorities.toString());
        config.setProperty(names.getSslTruststoreTypeProperty(), TYPE);
        config.setProperty(names.getSslTruststorePasswdProperty(), password);
      }
      if (keys != null) {
        config.setProperty(names.getSslKeystoreLocationProperty(), keys.toString());
        config.setProperty(names.getSslKeystoreTypeProperty(), TYPE);
        config.setProperty(names.getSslKeystorePasswdProperty(), password);
      }
    }
  }

  /** Deletes the files. Safe to call twice. */
  @Override
  public void close() {
    delete(authorities);
    delete(keys);
  }

  private static void delete(@Nullable Path file) {
    if (file != null) {
      // One that cannot be deleted now is when the process ends.
      file.toFile().delete();
    }
  }
}
