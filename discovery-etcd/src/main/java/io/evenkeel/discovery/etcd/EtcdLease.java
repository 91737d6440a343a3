package io.evenkeel.discovery.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.etcd.EtcdErrors.Wish;
import io.evenkeel.registration.Lease;
import io.evenkeel.registration.RegistrationException;
import io.grpc.Status;

/**
 * One lease of etcd, and the one key that stands under it.
 *
 * <p>A renewal is a stream that ends with its first answer, not one that is kept: a kept one can
 * fall silent. A write is a put of a key under a lease, and so can be repeated whatever became of
 * the first; a key of another lease is another process's.
 */
final class EtcdLease implements Lease {
  private final EtcdCalls calls;
  private final EtcdCodec codec;
  private final long id;
  private final Keys keys;
  private long seenRevision; // of the entry at the last look; 0 if there was none

  /**
   * The keys of one instance.
   *
   * @param prefix of all of its service
   * @param entry where it is registered
   * @param tombstone where it stands that somebody has deregistered it
   */
  record Keys(String prefix, ByteString entry, ByteString tombstone) {}

  EtcdLease(EtcdCalls calls, EtcdCodec codec, long id, Keys keys) {
    this.calls = calls;
    this.codec = codec;
    this.id = id;
    this.keys = keys;
  }

  @Override
  public State renew() throws RegistrationException {
    long ttlSeconds =
        calls
            .ask(
                LeaseGrpc.getLeaseKeepAliveMethod(),
                LeaseKeepAliveRequest.newBuilder().setID(id).build(),
                Wish.write(keys.prefix))
            .getTTL();
    if (ttlSeconds > 0) {
      return State.ALIVE;
    }
    return isDeregistered() ? State.DEREGISTERED : State.LOST;
  }

  @Override
  public Standing look(Endpoint endpoint) throws RegistrationException {
    KeyValue found = read(keys.entry);
    seenRevision = found.getModRevision();
    if (seenRevision == 0) {
      return isDeregistered() ? Standing.DEREGISTERED : Standing.MISSING;
    }
    if (found.getLease() != id) {
      return Standing.TAKEN;
    }
    return found.getValue().equals(value(endpoint)) ? Standing.AS_WRITTEN : Standing.CHANGED;
  }

  /** The entry at {@code key}, or one of revision 0. */
  private KeyValue read(ByteString key) throws RegistrationException {
    return calls
        .ask(
            KVGrpc.getRangeMethod(),
            RangeRequest.newBuilder().setKey(key).build(),
            Wish.read(keys.prefix))
        .getKvsList()
        .stream()
        .findFirst()
        .orElse(KeyValue.getDefaultInstance());
  }

  /** Whether there is a tombstone; one that this user may not read does not count. */
  private boolean isDeregistered() throws RegistrationException {
    try {
      return read(keys.tombstone).getModRevision() != 0;
    } catch (RegistrationException e) {
      if (Status.fromThrowable(e).getCode() == Status.Code.PERMISSION_DENIED) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void write(Endpoint endpoint, Claim claim) throws RegistrationException {
    PutRequest put =
        PutRequest.newBuilder().setKey(keys.entry).setValue(value(endpoint)).setLease(id).build();
    if (claim == Claim.TAKE) {
      calls.ask(KVGrpc.getPutMethod(), put, Wish.write(keys.prefix));
      return;
    }
    TxnRequest ifUntouched =
        TxnRequest.newBuilder()
            .addCompare(unchanged(keys.entry, seenRevision))
            .addSuccess(RequestOp.newBuilder().setRequestPut(put))
            .build();
    calls.ask(KVGrpc.getTxnMethod(), ifUntouched, Wish.write(keys.prefix));
  }

  /** True while {@code key} is as it was at {@code revision}, or missing for 0. */
  static Compare unchanged(ByteString key, long revision) {
    return Compare.newBuilder()
        .setKey(key)
        .setTarget(Compare.CompareTarget.MOD)
        .setResult(Compare.CompareResult.EQUAL)
        .setModRevision(revision)
        .build();
  }

  private ByteString value(Endpoint endpoint) {
    return ByteString.copyFrom(codec.value(endpoint));
  }

  @Override
  public void release() throws RegistrationException {
    try {
      calls.ask(
          LeaseGrpc.getLeaseRevokeMethod(),
          LeaseRevokeRequest.newBuilder().setID(id).build(),
          Wish.write(keys.prefix));
    } catch (RegistrationException e) {
      if (Status.fromThrowable(e).getCode() != Status.Code.NOT_FOUND) {
        throw e;
      }
    }
  }
}
