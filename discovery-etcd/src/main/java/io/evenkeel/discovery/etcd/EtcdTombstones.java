package io.evenkeel.discovery.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.evenkeel.discovery.etcd.EtcdErrors.Wish;
import io.evenkeel.registration.RegistrationException;
import java.time.Duration;

/**
 * Deregisters what other processes have registered.
 *
 * <p>A key that merely vanished is written again by its owner, which cannot tell a deletion from an
 * accident. So the same transaction that deletes it writes another one, for the owner to find:
 * {@code <registry>/.evenkeel/deregistered/<lease>}, which no service can be called and which names
 * the lease, so that whoever registers the same id later is not meant. It goes away by itself.
 */
final class EtcdTombstones {
  /** How long an owner that is cut off or paused may take to find it. */
  private static final Duration TTL = Duration.ofMinutes(10);

  private static final ByteString VALUE = ByteString.copyFromUtf8("deregistered");

  private EtcdTombstones() {}

  static ByteString key(EtcdTarget registry, long lease) {
    return ByteString.copyFromUtf8(directory(registry) + Long.toHexString(lease));
  }

  private static String directory(EtcdTarget registry) {
    return registry.prefix() + ".evenkeel/deregistered/";
  }

  /**
   * Removes {@code entry} of {@code service} and tells its owner.
   *
   * @return whether it was still as it was seen; otherwise nothing was done
   */
  static boolean remove(EtcdCalls calls, EtcdTarget registry, String service, KeyValue entry)
      throws RegistrationException {
    Wish wish = Wish.write(registry.service(service).prefix(), directory(registry));
    TxnRequest.Builder removal =
        TxnRequest.newBuilder()
            .addCompare(EtcdLease.unchanged(entry.getKey(), entry.getModRevision()))
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(entry.getKey())));
    if (entry.getLease() != 0) {
      removal.addSuccess(
          RequestOp.newBuilder()
              .setRequestPut(
                  PutRequest.newBuilder()
                      .setKey(key(registry, entry.getLease()))
                      .setValue(VALUE)
                      .setLease(grant(calls, wish))));
    }
    return calls.ask(KVGrpc.getTxnMethod(), removal.build(), wish).getSucceeded();
  }

  private static long grant(EtcdCalls calls, Wish wish) throws RegistrationException {
    return calls
        .ask(
            LeaseGrpc.getLeaseGrantMethod(),
            LeaseGrantRequest.newBuilder().setTTL(TTL.toSeconds()).build(),
            wish)
        .getID();
  }
}
