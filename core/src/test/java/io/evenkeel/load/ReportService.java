package io.evenkeel.load;

import com.google.protobuf.CodedInputStream;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server's side of the stream of load reports. Thread-safe. */
public final class ReportService implements BindableService {
  private static final int INTERVAL_TAG = 10;

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
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.newBuilder(new Bytes(), new Bytes())
            .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
            .setFullMethodName(LoadReportWatch.METHOD.getFullMethodName())
            .build();
    return ServerServiceDefinition.builder("xds.service.orca.v3.OpenRcaService")
        .addMethod(method, ServerCalls.asyncServerStreamingCall(this::serve))
        .build();
  }

  private void serve(byte[] request, StreamObserver<byte[]> responses) {
    ServerCallStreamObserver<byte[]> stream = (ServerCallStreamObserver<byte[]>) responses;
    stream.setOnCancelHandler(() -> streams.remove(stream));
    intervals.add(interval(request));
    streams.add(stream);
    if (first.length > 0) {
      stream.onNext(first);
    }
  }

  private static Duration interval(byte[] request) {
    try {
      CodedInputStream input = CodedInputStream.newInstance(request);
      if (input.readTag() != INTERVAL_TAG) {
        throw new AssertionError("the request does not begin with an interval");
      }
      com.google.protobuf.Duration interval =
          com.google.protobuf.Duration.parseFrom(input.readByteArray());
      return Duration.ofSeconds(interval.getSeconds(), interval.getNanos());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] bytes) {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
