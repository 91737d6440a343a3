package io.evenkeel.gateway;

import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One finished request. Holds no header but the request id, and of the target only the path: what
 * is secret in a request is usually in the rest.
 *
 * @param method such as {@code GET}
 * @param path as the client sent it, percent-encoded, without its query
 * @param status of the HTTP answer; 0 when the client left before there was one
 * @param grpcStatus null when no gRPC call was reached
 * @param upstream how long upstream took; zero when it was not asked or had not answered
 * @param total from the request's headers to the end of its answer
 * @param requestBytes length of the request's body
 * @param responseBytes length of the answer's body
 * @param client address of the peer
 * @param requestId the client's own {@code x-request-id}, or a fresh one
 */
public record AccessLogEntry(
    String method,
    String path,
    int status,
    Status.@Nullable Code grpcStatus,
    Duration upstream,
    Duration total,
    long requestBytes,
    long responseBytes,
    String client,
    String requestId) {
  private static final System.Logger LOGGER = System.getLogger("io.evenkeel.gateway.access");
  private static final double NANOS_PER_MILLI = 1e6;

  static AccessLogEntry of(RequestLog log) {
    ServiceRequestContext ctx = (ServiceRequestContext) log.context();
    Exchange exchange = Exchange.of(ctx);
    return new AccessLogEntry(
        ctx.method().name(),
        ctx.path(),
        log.responseHeaders().status().code(),
        codeOf(exchange.status()),
        Duration.ofNanos(exchange.upstreamNanos()),
        Duration.ofNanos(log.totalDurationNanos()),
        log.requestLength(),
        log.responseLength(),
        text(ctx.remoteAddress()),
        exchange.requestId());
  }

  static void logTo(AccessLogEntry entry) {
    LOGGER.log(System.Logger.Level.INFO, entry::toString);
  }

  /** One line of {@code key=value} pairs; durations in milliseconds. */
  @Override
  public String toString() {
    return "method=%s path=%s status=%d grpc=%s upstream_ms=%.1f total_ms=%.1f in=%d out=%d client=%s id=%s"
        .formatted(
            method,
            path,
            status,
            grpcStatus == null ? "-" : grpcStatus,
            upstream.toNanos() / NANOS_PER_MILLI,
            total.toNanos() / NANOS_PER_MILLI,
            requestBytes,
            responseBytes,
            client,
            requestId);
  }

  private static Status.@Nullable Code codeOf(@Nullable Status status) {
    return status == null ? null : status.getCode();
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
