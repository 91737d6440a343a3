package io.evenkeel.discovery.etcd;

import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import org.jspecify.annotations.Nullable;

/**
 * One watch stream on the keys of a prefix. It ends once and is not resumed: who watches lists
 * again and opens another one.
 *
 * <p>Thread-safe. The listener is called from gRPC's threads, one call at a time.
 */
final class EtcdWatch implements AutoCloseable {
  private final Listener listener;
  private @Nullable ClientCallStreamObserver<WatchRequest> requests;

  /** Hears what the stream brings. */
  interface Listener {

    /** Changes of keys, in the order in which they were made. */
    void onChanges(EtcdWatch watch, WatchResponse changes);

    /**
     * The revision to begin with is no longer kept: what changed since then can only be had by a
     * list. The watch is over.
     */
    void onCompacted(EtcdWatch watch);

    /** The watch is over. */
    void onFailure(EtcdWatch watch, Throwable error);
  }

  private EtcdWatch(Listener listener) {
    this.listener = listener;
  }

  /** Watches from {@code revision} on, inclusive. */
  static EtcdWatch open(EtcdClient client, String prefix, long revision, Listener listener) {
    EtcdWatch watch = new EtcdWatch(listener);
    watch.requests = client.stream(WatchGrpc.getWatchMethod(), watch.new Answers());
    watch.requests.onNext(
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder()
                    .setKey(EtcdKeys.first(prefix))
                    .setRangeEnd(EtcdKeys.end(prefix))
                    .setStartRevision(revision))
            .build());
    return watch;
  }

  /** Ends the stream; the listener may hear of that as a failure. Safe to call twice. */
  @Override
  public void close() {
    if (requests != null) {
      requests.cancel("no longer watched", null);
    }
  }

  private final class Answers implements ClientResponseObserver<WatchRequest, WatchResponse> {
    @Override
    public void beforeStart(ClientCallStreamObserver<WatchRequest> requests) {}

    @Override
    public void onNext(WatchResponse answer) {
      if (answer.getCompactRevision() != 0) {
        listener.onCompacted(EtcdWatch.this);
      } else if (answer.getCanceled()) {
        listener.onFailure(
            EtcdWatch.this,
            Status.UNAVAILABLE
                .withDescription("watch refused: " + answer.getCancelReason())
                .asException());
      } else if (answer.getEventsCount() > 0) {
        listener.onChanges(EtcdWatch.this, answer);
      }
    }

    @Override
    public void onError(Throwable error) {
      listener.onFailure(EtcdWatch.this, error);
    }

    @Override
    public void onCompleted() {
      listener.onFailure(
          EtcdWatch.this,
          Status.UNAVAILABLE.withDescription("the watch was ended by etcd").asException());
    }
  }
}
