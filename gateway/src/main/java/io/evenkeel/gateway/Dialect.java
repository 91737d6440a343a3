package io.evenkeel.gateway;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** In which form a client speaks to the gateway. */
enum Dialect {
  /** HTTP with JSON, or with no body at all. */
  JSON,
  /** Native gRPC. */
  GRPC,
  /** gRPC for browsers. */
  GRPC_WEB;

  private static final String GRPC_TYPE = "application/grpc";
  private static final String GRPC_WEB_TYPE = "application/grpc-web";

  /** The dialect of a request with this content type, which may be missing. */
  static Dialect of(@Nullable String contentType) {
    String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    if (type.startsWith(GRPC_WEB_TYPE)) {
      return GRPC_WEB;
    }
    return type.startsWith(GRPC_TYPE) ? GRPC : JSON;
  }
}
