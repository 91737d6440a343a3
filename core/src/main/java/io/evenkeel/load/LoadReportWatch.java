package io.evenkeel.load;

import io.evenkeel.backoff.Retry;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A stream of load reports from one connection, until it is stopped.
 *
 * <p>A stream that breaks is opened again after a back-off that grows from one second to two
 * minutes and starts over with each report. An endpoint without the service is asked once.
 *
 * <p>Lives in the synchronization context: every method is called there.
 *
 * @see <a href="https://github.com/grpc/proposal/blob/master/A51-custom-backend-metrics.md">gRFC
 *     A51</a>
 */
public final class LoadReportWatch {
  private final Channel channel;
  private final Duration interval;
  private final EndpointLoad load;
  private final Surroundings surroundings;
  private final Retry retry;

  private @Nullable Stream current;

  /**
   * What a watch takes from outside.
   *
   * @param timing when and where everything happens
   * @param onUnimplemented runs when the endpoint has no such service
   */
  public record Surroundings(Retry.Timing timing, Runnable onUnimplemented) {}

  /**
   * A watch over {@code channel}, which reaches the one endpoint and nothing else, that asks for a
   * report every {@code interval} and hands it to {@code load}.
   */
  public LoadReportWatch(
      Channel channel, Duration interval, EndpointLoad load, Surroundings surroundings) {
    this.channel = channel;
    this.interval = interval;
    this.load = load;
    this.surroundings = surroundings;
    this.retry = new Retry(this::open, surroundings.timing());
  }

  /** Opens the stream. */
  public void start() {
    retry.now();
  }

  /** Ends the stream. Safe to call twice. */
  public void stop() {
    retry.cancel();
    if (current != null) {
      current.call.cancel("load reports are not wanted any more", null);
      current = null;
    }
  }

  private void open() {
    current = new Stream();
    current.start();
  }

  private void closed(Status status) {
    current = null;
    if (status.getCode() == Status.Code.UNIMPLEMENTED) {
      surroundings.onUnimplemented().run();
      return;
    }
    retry.later();
  }

  /** One stream. What arrives after its end is not heard. */
  private final class Stream extends ClientCall.Listener<byte[]> {
    private final ClientCall<Duration, byte[]> call =
        channel.newCall(LoadReportMethod.DESCRIPTOR, CallOptions.DEFAULT);

    void start() {
      call.start(this, new Metadata());
      call.sendMessage(interval);
      call.halfClose();
      call.request(1);
    }

    @Override
    public void onMessage(byte[] report) {
      surroundings
          .timing()
          .syncContext()
          .execute(
              () -> {
                if (current == this) {
                  retry.succeeded();
                  load.onReport(report);
                  call.request(1);
                }
              });
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      surroundings
          .timing()
          .syncContext()
          .execute(
              () -> {
                if (current == this) {
                  closed(status);
                }
              });
    }
  }
}
