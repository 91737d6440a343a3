package io.evenkeel.gateway;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What holds for every request: it has an id, its answer shows nothing of gRPC's framing to a JSON
 * client, and its connection ends with it while the gateway drains.
 *
 * <p>Thread-safe.
 */
final class Edge implements DecoratingHttpServiceFunction {
  private static final List<String> FRAMING =
      List.of("grpc-status", "grpc-message", "grpc-encoding", "grpc-accept-encoding");

  private final Drain drain;

  Edge(Drain drain) {
    this.drain = drain;
  }

  @Override
  public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest req)
      throws Exception {
    Exchange exchange = Exchange.of(ctx);
    ctx.setAdditionalResponseHeader(RequestId.HEADER, exchange.requestId());
    if (drain.isClosingConnections()) {
      CompletableFuture<Void> unused = ctx.initiateConnectionShutdown();
    }
    HttpResponse response = delegate.serve(ctx, req);
    return exchange.dialect() == Dialect.JSON
        ? response.mapHeaders(Edge::withoutFraming)
        : response;
  }

  private static ResponseHeaders withoutFraming(ResponseHeaders headers) {
    ResponseHeadersBuilder plain = headers.toBuilder();
    FRAMING.forEach(plain::remove);
    return plain.build();
  }
}
