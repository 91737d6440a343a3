package io.evenkeel.gateway;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
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
import com.linecorp.armeria.server.grpc.UnframedGrpcErrorHandler;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Says every error in one form, {@link ErrorBody}, wherever it arises: upstream, in reading the
 * request as a message, or in HTTP itself. What the gateway's own exceptions say stays inside.
 *
 * <p>Thread-safe.
 */
final class ErrorResponses implements ServerErrorHandler, UnframedGrpcErrorHandler {
  private static final String STATUS_DETAILS = "grpc-status-details-bin";

  private final MessageJson messageJson;

  ErrorResponses(MessageJson messageJson) {
    this.messageJson = messageJson;
  }

  /** A call that JSON asked for and that did not end OK. */
  @Override
  public HttpResponse handle(
      ServiceRequestContext ctx, Status fromHeaders, AggregatedHttpResponse response) {
    // The status itself, when we have it: that of the headers has its description escaped.
    Status known = Exchange.of(ctx).status();
    Status status = known != null && known.getCode() == fromHeaders.getCode() ? known : fromHeaders;
    HttpHeaders trailers = response.trailers().isEmpty() ? response.headers() : response.trailers();
    String body = ErrorBody.of(status, trailers.get(STATUS_DETAILS), messageJson);
    return HttpResponse.of(HttpStatuses.of(status.getCode()), MediaType.JSON, body);
  }

  /** What a gRPC call ends with when serving it threw. */
  Status statusOf(RequestContext ctx, Status status, Throwable cause, Metadata metadata) {
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
