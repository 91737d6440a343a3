package io.evenkeel.gateway;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.grpc.GrpcExceptionHandlerFunction;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Says the errors of HTTP itself, such as a path without a route or a body that is too long, in the
 * form of all others, {@link ErrorBody}. What an unforeseen exception says stays inside.
 *
 * <p>Thread-safe.
 */
final class ErrorResponses implements ServerErrorHandler {
  /** What a gRPC call ends with when serving it threw. */
  static Status statusOf(RequestContext ctx, Status status, Throwable cause, Metadata metadata) {
    Status ended =
        cause instanceof RequestTimeoutException
            ? Status.DEADLINE_EXCEEDED.withDescription("the request took too long")
            : GrpcExceptionHandlerFunction.of().apply(ctx, status, cause, metadata);
    if (ctx instanceof ServiceRequestContext serviceCtx && ended != null) {
      Exchange.of(serviceCtx).closed(ended);
    }
    return ended == null ? status : ended;
  }

  @Override
  public @Nullable HttpResponse onServiceException(ServiceRequestContext ctx, Throwable cause) {
    if (!(cause instanceof HttpStatusException refusal)) {
      return null;
    }
    Throwable reason = refusal.getCause();
    String message = reason == null ? null : reason.getMessage();
    return render(ctx, refusal.httpStatus(), message).toHttpResponse();
  }

  @Override
  public @Nullable AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext ctx,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    if (status.isContentAlwaysEmpty()) {
      return null;
    }
    return render(ctx, status, description);
  }

  private static AggregatedHttpResponse render(
      @Nullable ServiceRequestContext ctx, HttpStatus status, @Nullable String description) {
    String message = description == null ? describe(ctx, status) : Text.shortened(description);
    String body = ErrorBody.of(HttpStatuses.codeOf(status), message);
    return AggregatedHttpResponse.of(status, MediaType.JSON, HttpData.ofUtf8(body));
  }

  private static String describe(@Nullable ServiceRequestContext ctx, HttpStatus status) {
    if (ctx == null) {
      return status.reasonPhrase();
    }
    return switch (status.code()) {
      case 404 -> "no route for " + Text.shortened(ctx.path());
      case 405 -> ctx.method() + " is not allowed for " + Text.shortened(ctx.path());
      default -> status.reasonPhrase();
    };
  }
}
