package io.evenkeel.server.load;

import io.evenkeel.load.LoadReportMethod;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Sends the server's load report on each stream that a client opens, as often as it has asked, but
 * not more often than reports are made. A client that does not read gets none until it does.
 * Thread-safe.
 */
final class ReportService implements BindableService {
  private static final Duration LEAST = LoadMeter.REFRESH;
  private static final Duration MOST = Duration.ofHours(1);

  private final LoadMeter meter;
  private final ScheduledExecutorService timer;

  ReportService(LoadMeter meter, ScheduledExecutorService timer) {
    this.meter = meter;
    this.timer = timer;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(LoadReportMethod.SERVICE)
        .addMethod(LoadReportMethod.DESCRIPTOR, ServerCalls.asyncServerStreamingCall(this::serve))
        .build();
  }

  private void serve(Duration asked, StreamObserver<byte[]> responses) {
    ServerCallStreamObserver<byte[]> stream = (ServerCallStreamObserver<byte[]>) responses;
    long intervalNanos = inRange(asked).toNanos();
    Future<?> sending =
        timer.scheduleAtFixedRate(() -> send(stream), 0, intervalNanos, TimeUnit.NANOSECONDS);
    stream.setOnCancelHandler(() -> sending.cancel(false));
    stream.setOnCloseHandler(() -> sending.cancel(false));
  }

  private void send(ServerCallStreamObserver<byte[]> stream) {
    if (stream.isReady()) {
      stream.onNext(meter.report());
    }
  }

  /** The interval to take for the one that a client has asked for. */
  static Duration inRange(Duration asked) {
    if (asked.compareTo(LEAST) < 0) {
      return LEAST;
    }
    return asked.compareTo(MOST) > 0 ? MOST : asked;
  }
}
