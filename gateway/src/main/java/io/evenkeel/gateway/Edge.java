package io.evenkeel.gateway;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.concurrent.CompletableFuture;

/**
 * What holds for every request: its answer tells its id, and its connection ends with it once the
 * gateway closes connections.
 *
 * <p>Thread-safe.
 */
final class Edge implements DecoratingHttpServiceFunction {
  private final Drain drain;

  Edge(Drain drain) {
    this.drain = drain;
  }

  @Override
  public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest req)
      throws Exception {
    Exchange exchange = Exchange.of(ctx);
    HeaderTimeout.headersComplete(ctx);
    ctx.setAdditionalResponseHeader(RequestId.HEADER, exchange.requestId());
    if (drain.isClosingConnections()) {
      CompletableFuture<Void> unused = ctx.initiateConnectionShutdown();
    }
    return delegate.serve(ctx, req);
  }
}
