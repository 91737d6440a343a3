package io.evenkeel.gateway;

import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Opens the calls to one upstream, each with a deadline and the metadata its client may send.
 *
 * <p>Thread-safe.
 */
final class Upstream {
  /** Leaves the upstream deadline the first word: its error says more than a cut connection. */
  private static final Duration BEYOND_DEADLINE = Duration.ofSeconds(1);

  private static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of(RequestId.HEADER, Metadata.ASCII_STRING_MARSHALLER);

  private final Channel channel;
  private final GatewaySettings.Deadlines deadlines;
  private final HeaderRules headerRules;

  Upstream(Channel channel, GatewaySettings.Deadlines deadlines, HeaderRules headerRules) {
    this.channel = channel;
    this.deadlines = deadlines;
    this.headerRules = headerRules;
  }

  /**
   * A call to {@code method} on behalf of {@code ctx}, not started yet.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if the client's timeout is malformed
   */
  <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, ServiceRequestContext ctx) {
    long deadlineNanos = deadlineNanos(ctx);
    ctx.setRequestTimeout(
        TimeoutMode.SET_FROM_NOW, Duration.ofNanos(deadlineNanos).plus(BEYOND_DEADLINE));
    // Nothing here blocks, so the answer is handled on the thread that brings it.
    CallOptions options =
        CallOptions.DEFAULT
            .withDeadlineAfter(deadlineNanos, TimeUnit.NANOSECONDS)
            .withExecutor(Runnable::run);
    return channel.newCall(method, options);
  }

  /** The metadata to send upstream for an HTTP request with these headers. */
  Metadata metadata(HttpHeaders headers, Exchange exchange) {
    return withRequestId(headerRules.ofHttpRequest(headers), exchange);
  }

  /** The metadata to send upstream for a gRPC request with these. */
  Metadata metadata(Metadata headers, Exchange exchange) {
    return withRequestId(headerRules.ofGrpcRequest(headers, exchange.dialect()), exchange);
  }

  /** What a gRPC client gets to see of an answer's headers or trailers. */
  Metadata answerMetadata(Metadata answer) {
    return headerRules.ofAnswer(answer);
  }

  private static Metadata withRequestId(Metadata metadata, Exchange exchange) {
    metadata.discardAll(REQUEST_ID);
    metadata.put(REQUEST_ID, exchange.requestId());
    return metadata;
  }

  private long deadlineNanos(ServiceRequestContext ctx) {
    String asked = ctx.request().headers().get(GrpcTimeout.HEADER);
    if (asked == null) {
      return deadlines.defaultNanos();
    }
    return Math.min(GrpcTimeout.parseNanos(asked), deadlines.maxNanos());
  }
}
