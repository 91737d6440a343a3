package io.evenkeel.gateway;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SerializationFormat;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what comes to a gRPC method and is neither gRPC nor gRPC-Web, in the form of all other
 * errors; Armeria's own service would say it in plain text.
 *
 * <p>Thread-safe.
 */
final class GrpcRequests implements DecoratingHttpServiceFunction {
  /** What gRPC messages may come in. */
  static final Set<SerializationFormat> FORMATS =
      Set.of(
          GrpcSerializationFormats.PROTO,
          GrpcSerializationFormats.PROTO_WEB,
          GrpcSerializationFormats.PROTO_WEB_TEXT);

  @Override
  public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest request)
      throws Exception {
    if (request.method() != HttpMethod.POST) {
      throw HttpStatusException.of(HttpStatus.METHOD_NOT_ALLOWED);
    }
    MediaType type = request.contentType();
    if (!isGrpc(type)) {
      throw HttpStatusException.of(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          new IllegalArgumentException(
              "content-type: " + type + " (expected: application/grpc or application/json)"));
    }
    return delegate.serve(ctx, request);
  }

  private static boolean isGrpc(@Nullable MediaType type) {
    return type != null && FORMATS.stream().anyMatch(format -> format.isAccepted(type));
  }
}
