package io.evenkeel.load;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server's side of the stream of load reports. Thread-safe. */
public final class ReportService implements BindableService {
  private final List<Duration> intervals = new CopyOnWriteArrayList<>();
  private final List<ServerCallStreamObserver<byte[]>> streams = new CopyOnWriteArrayList<>();
  private volatile byte[] first = {};

  /** What every stream begins with. */
  public ReportService startingWith(byte[] report) {
    first = report;
    return this;
  }

  /** The interval that each stream was opened with. */
  public List<Duration> intervals() {
    return intervals;
  }

  /** How many streams are open. */
  public int open() {
    return streams.size();
  }

  void report(byte[] report) {
    streams.forEach(stream -> stream.onNext(report));
  }

  void end(Status status) {
    List<ServerCallStreamObserver<byte[]>> ended = List.copyOf(streams);
    streams.clear();
    ended.forEach(stream -> stream.onError(status.asException()));
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(LoadReportMethod.SERVICE)
        .addMethod(LoadReportMethod.DESCRIPTOR, ServerCalls.asyncServerStreamingCall(this::serve))
        .build();
  }

  private void serve(Duration interval, StreamObserver<byte[]> responses) {
    ServerCallStreamObserver<byte[]> stream = (ServerCallStreamObserver<byte[]>) responses;
    stream.setOnCancelHandler(() -> streams.remove(stream));
    intervals.add(interval);
    streams.add(stream);
    if (first.length > 0) {
      stream.onNext(first);
    }
  }
}
