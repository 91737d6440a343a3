package io.evenkeel.gateway;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway notes of one request while it is served, for the answer and the access log.
 *
 * <p>Thread-safe: upstream reports from its own thread.
 */
final class Exchange {
  private static final AttributeKey<Exchange> KEY =
      AttributeKey.valueOf(Exchange.class, "exchange");

  private final String requestId;
  private final Dialect dialect;
  private volatile long upstreamStartNanos;
  private volatile long upstreamNanos;
  private volatile @Nullable Status status;

  private Exchange(String requestId, Dialect dialect) {
    this.requestId = requestId;
    this.dialect = dialect;
  }

  /** The notes on the request of {@code ctx}, begun when there are none. */
  static Exchange of(ServiceRequestContext ctx) {
    Exchange known = ctx.attr(KEY);
    if (known != null) {
      return known;
    }
    Exchange begun =
        new Exchange(
            RequestId.of(ctx.request().headers().get(RequestId.HEADER)),
            Dialect.of(ctx.request().headers().get(HttpHeaderNames.CONTENT_TYPE)));
    ctx.setAttr(KEY, begun);
    return begun;
  }

  String requestId() {
    return requestId;
  }

  Dialect dialect() {
    return dialect;
  }

  /** The upstream call begins. */
  void upstreamStarted() {
    upstreamStartNanos = System.nanoTime();
  }

  /** The upstream call is over. */
  void upstreamClosed(Status status) {
    upstreamNanos = System.nanoTime() - upstreamStartNanos;
    this.status = status;
  }

  /** The gateway itself ended the call with this status. */
  void closed(Status status) {
    this.status = status;
  }

  /** How long upstream took; 0 when it was not asked, or had not answered. */
  long upstreamNanos() {
    return upstreamNanos;
  }

  /** How the call ended; null when none was reached, as for a path without a route. */
  @Nullable Status status() {
    return status;
  }
}
