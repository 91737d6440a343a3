package io.evenkeel.discovery.etcd;

import io.evenkeel.discovery.RegistryCredentials;
import io.grpc.ChannelCredentials;
import java.io.IOException;

/**
 * How etcd is reached.
 *
 * @param credentials user, password and files for TLS
 * @param tls whether to use TLS also where {@code credentials} name no file for it, and so with the
 *     system's authorities
 */
record EtcdAccess(RegistryCredentials credentials, boolean tls) {

  /** Reads the files for TLS. */
  ChannelCredentials channelCredentials() throws IOException {
    return tls ? credentials.tls() : credentials.tlsOrPlaintext();
  }
}
