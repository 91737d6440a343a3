package io.evenkeel.discovery.zookeeper;

import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.discovery.RegistryTls;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How ZooKeeper is reached.
 *
 * @param credentials user, password and files for TLS
 * @param tls whether to use TLS also where {@code credentials} name no file for it, and so with the
 *     system's authorities
 */
record ZooKeeperAccess(RegistryCredentials credentials, boolean tls) {

  /**
   * What a client proves itself and the members by.
   *
   * @param login its user
   * @param tls null for plain text
   */
  record Identity(ZooKeeperLogin login, @Nullable RegistryTls tls) {
    static final Identity NONE = new Identity(ZooKeeperLogin.NONE, null);
  }

  /**
   * Reads the files, as they are now.
   *
   * @throws IOException naming the file that cannot be read
   */
  Identity read() throws IOException {
    return new Identity(
        ZooKeeperLogin.of(credentials),
        tls || credentials.namesTlsFiles() ? RegistryTls.read(credentials) : null);
  }
}
