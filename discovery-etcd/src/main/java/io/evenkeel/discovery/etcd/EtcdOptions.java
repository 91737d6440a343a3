package io.evenkeel.discovery.etcd;

import io.evenkeel.discovery.RegistryCredentials;
import io.evenkeel.discovery.TargetQuery;

/**
 * What a URI says of a registry in etcd behind its {@code ?}, for reading and writing alike.
 *
 * @param codec how instances are written
 * @param tls whether to use TLS also where no file for it is named
 */
record EtcdOptions(EtcdCodec codec, boolean tls) {

  /** Reads its settings out of {@code query}, and leaves the others to the caller. */
  static EtcdOptions of(TargetQuery query) {
    return new EtcdOptions(
        EtcdCodecs.named(query.stringValue("codec", GoEndpointsCodec.INSTANCE.name())),
        query.booleanValue("tls", false));
  }

  EtcdAccess access(RegistryCredentials credentials) {
    return new EtcdAccess(credentials, tls);
  }
}
