package io.evenkeel.discovery.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.evenkeel.discovery.RegistryCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An etcd that does as the test says, within the process: what the real one does only under load or
 * by accident. Its watches say nothing by themselves. Thread-safe.
 */
final class FakeEtcd implements AutoCloseable {
  private final String name = InProcessServerBuilder.generateName();
  private final Map<String, KeyValue> keys = new TreeMap<>(); // guarded by this
  private final BlockingQueue<WatchStream> watches = new LinkedBlockingQueue<>();
  private final AtomicInteger lists = new AtomicInteger();
  private final AtomicInteger clients = new AtomicInteger();
  private final Server server;
  private long revision = 1; // guarded by this
  private volatile Status refusal = Status.OK;

  FakeEtcd() throws IOException {
    server =
        InProcessServerBuilder.forName(name)
            .addService(new Keys())
            .addService(new Watches())
            .build()
            .start();
  }

  /** What a discovery opens its clients with. */
  EtcdClient open() {
    clients.incrementAndGet();
    return EtcdClient.over(InProcessChannelBuilder.forName(name).build(), RegistryCredentials.NONE);
  }

  synchronized void put(String key, String value) {
    keys.put(
        key,
        KeyValue.newBuilder()
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(ByteString.copyFromUtf8(value))
            .setModRevision(++revision)
            .build());
  }

  synchronized KeyValue get(String key) {
    return keys.get(key);
  }

  synchronized KeyValue remove(String key) {
    return keys.remove(key).toBuilder().setModRevision(++revision).clearValue().build();
  }

  /** Fails every list with {@code status}, until it is OK again. */
  void refuse(Status status) {
    refusal = status;
  }

  /** How many lists there have been. */
  int lists() {
    return lists.get();
  }

  /** How many clients were opened. */
  int clients() {
    return clients.get();
  }

  /** The next watch that is opened. */
  WatchStream nextWatch() throws InterruptedException {
    WatchStream next = watches.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no watch was opened");
    }
    return next;
  }

  /** Whether a watch was opened that nobody has taken. */
  boolean hasWatch() {
    return !watches.isEmpty();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private synchronized RangeResponse list() {
    lists.incrementAndGet();
    return RangeResponse.newBuilder()
        .setHeader(ResponseHeader.newBuilder().setRevision(revision))
        .addAllKvs(new ArrayList<>(keys.values()))
        .build();
  }

  private final class Keys extends KVGrpc.KVImplBase {
    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> answer) {
      RangeResponse all = list();
      if (!refusal.isOk()) {
        answer.onError(refusal.asException());
        return;
      }
      answer.onNext(all);
      answer.onCompleted();
    }
  }

  private final class Watches extends WatchGrpc.WatchImplBase {
    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> answers) {
      // Else an answer after the client has gone would throw in the test.
      ((ServerCallStreamObserver<WatchResponse>) answers).setOnCancelHandler(() -> {});
      return new StreamObserver<>() {
        @Override
        public void onNext(WatchRequest request) {
          answers.onNext(WatchResponse.newBuilder().setCreated(true).build());
          watches.add(new WatchStream(request.getCreateRequest().getStartRevision(), answers));
        }

        @Override
        public void onError(Throwable cancelled) {}

        @Override
        public void onCompleted() {
          answers.onCompleted();
        }
      };
    }
  }

  /** The server's side of one watch. */
  record WatchStream(long startRevision, StreamObserver<WatchResponse> answers) {

    void put(KeyValue... values) {
      List<Event> events = new ArrayList<>();
      for (KeyValue value : values) {
        events.add(Event.newBuilder().setType(Event.EventType.PUT).setKv(value).build());
      }
      answers.onNext(WatchResponse.newBuilder().addAllEvents(events).build());
    }

    void delete(KeyValue value) {
      answers.onNext(
          WatchResponse.newBuilder()
              .addEvents(Event.newBuilder().setType(Event.EventType.DELETE).setKv(value))
              .build());
    }

    void compact(long revision) {
      answers.onNext(
          WatchResponse.newBuilder().setCanceled(true).setCompactRevision(revision).build());
    }

    void cancel(String reason) {
      answers.onNext(
          WatchResponse.newBuilder()
              .setCreated(true)
              .setCanceled(true)
              .setCancelReason(reason)
              .build());
    }

    void fail(Status status) {
      answers.onError(status.asException());
    }
  }
}
