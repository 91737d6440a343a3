package io.evenkeel.discovery.consul;

import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.discovery.RegistryTls;
import java.io.IOException;
import java.util.Optional;

/**
 * How Consul is reached.
 *
 * @param credentials the token, and files for TLS
 * @param tls whether to use TLS also where {@code credentials} name no file for it, and so with the
 *     system's authorities
 */
record ConsulAccess(RegistryCredentials credentials, boolean tls) {

  /** {@code http} or {@code https}. */
  String scheme() {
    return tls || credentials.namesTlsFiles() ? "https" : "http";
  }

  /**
   * What TLS is made of; empty for plain text. Reads files.
   *
   * @throws IOException naming the file that cannot be read
   */
  Optional<RegistryTls> readTls() throws IOException {
    return scheme().equals("http") ? Optional.empty() : Optional.of(RegistryTls.read(credentials));
  }
}
