package io.evenkeel.discovery.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.evenkeel.discovery.etcd.EtcdErrors.Wish;
import io.evenkeel.registration.Lease;
import io.evenkeel.registration.LeaseStore;
import io.evenkeel.registration.RegistrationException;
import java.time.Duration;

/** Leases of etcd, one for each instance. */
final class EtcdLeaseStore implements LeaseStore {
  private final EtcdTarget target;
  private final EtcdCodec codec;
  private final EtcdCalls calls;
  private final Duration ttl;

  /**
   * @param target the registry
   * @param ttl whole seconds
   */
  EtcdLeaseStore(EtcdTarget target, EtcdCodec codec, EtcdCalls calls, Duration ttl) {
    this.target = target;
    this.codec = codec;
    this.calls = calls;
    this.ttl = ttl;
  }

  @Override
  public Duration ttl() {
    return ttl;
  }

  @Override
  public Lease grant(String service, String id) throws RegistrationException {
    String prefix = target.service(service).prefix();
    long lease =
        calls
            .ask(
                LeaseGrpc.getLeaseGrantMethod(),
                LeaseGrantRequest.newBuilder().setTTL(ttl.toSeconds()).build(),
                Wish.write(prefix))
            .getID();
    return new EtcdLease(
        calls,
        codec,
        lease,
        new EtcdLease.Keys(prefix, key(service, id), EtcdTombstones.key(target, lease)));
  }

  ByteString key(String service, String id) {
    return ByteString.copyFromUtf8(target.service(service).prefix() + codec.key(id));
  }

  @Override
  public String toString() {
    return target.describe();
  }
}
