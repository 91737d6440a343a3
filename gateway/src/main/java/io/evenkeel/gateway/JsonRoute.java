package io.evenkeel.gateway;

import com.google.protobuf.DynamicMessage;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;

/**
 * Serves one binding: reads the request as a message, calls upstream, and answers in JSON. Upstream
 * is called when the request is complete and was understood.
 *
 * <p>Thread-safe.
 */
final class JsonRoute implements HttpService {
  private final HttpBinding binding;
  private final RequestReader reader;
  private final Upstream upstream;
  private final MethodDescriptor<DynamicMessage, DynamicMessage> method;
  private final JsonAnswers answers;

  JsonRoute(HttpBinding binding, Upstream upstream, JsonAnswers answers) {
    this.binding = binding;
    this.reader = new RequestReader(binding, answers.messageJson());
    this.upstream = upstream;
    this.method = ForwardedService.grpcMethod(binding.method());
    this.answers = answers;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    return HttpResponse.of(
        request.aggregate(ctx.eventLoop()).thenApply(complete -> answer(ctx, complete)));
  }

  private HttpResponse answer(ServiceRequestContext ctx, AggregatedHttpRequest request) {
    Exchange exchange = Exchange.of(ctx);
    try {
      checkType(request);
      return call(ctx, exchange, reader.read(ctx, request));
    } catch (StatusRuntimeException e) {
      exchange.closed(e.getStatus());
      return answers.error(e.getStatus(), new Metadata());
    }
  }

  private void checkType(AggregatedHttpRequest request) {
    MediaType type = request.contentType();
    if (binding.body().isEmpty() || request.content().isEmpty() || type == null || type.isJson()) {
      return;
    }
    throw HttpStatusException.of(
        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
        new IllegalArgumentException(
            "content-type: " + type + " (expected: " + MediaType.JSON + ")"));
  }

  private HttpResponse call(ServiceRequestContext ctx, Exchange exchange, DynamicMessage message) {
    ClientCall<DynamicMessage, DynamicMessage> call = upstream.newCall(method, ctx);
    JsonCall listener = new JsonCall(exchange, binding, answers);
    Metadata metadata = upstream.metadata(ctx.request().headers(), exchange);
    exchange.upstreamStarted();
    call.start(listener, metadata);
    // Two, so that an upstream that answers twice is noticed.
    call.request(2);
    call.sendMessage(message);
    call.halfClose();
    var unused =
        ctx.whenRequestCancelling()
            .thenAccept(cause -> call.cancel("the client went away or took too long", null));
    return HttpResponse.of(listener.answer());
  }
}
