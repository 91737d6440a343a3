package io.evenkeel.gateway;

import io.grpc.Metadata;
import java.util.Set;

/**
 * Which headers of a request become metadata of the upstream call, and which metadata of its answer
 * become headers.
 *
 * <p>Of an HTTP client's headers only the listed ones pass, since most of them are its browser's
 * own; {@code grpc-metadata-NAME} passes as {@code NAME}. A gRPC client's metadata is meant for the
 * service and passes whole. The list saves noise and is no guard: whoever can send a header can
 * send {@code grpc-metadata-} too.
 *
 * <p>Immutable.
 */
final class HeaderRules {
  static final Set<String> FORWARDED_BY_DEFAULT =
      Set.of("authorization", "traceparent", "tracestate", RequestId.HEADER);

  private static final String PREFIX = "grpc-metadata-";
  private static final String GRPC_OWN = "grpc-";

  /** Error details, the one header of gRPC's own that is for the caller. */
  private static final String STATUS_DETAILS = "grpc-status-details-bin";

  /** Headers of one connection or one framing; upstream there is another. */
  private static final Set<String> OF_THE_HOP =
      Set.of(
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "date",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "server",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent");

  private final Set<String> forwarded;

  HeaderRules(Set<String> forwarded) {
    this.forwarded = forwarded;
  }

  /** Whether a header may ever be sent upstream under this name. */
  static boolean isForwardable(String name) {
    return !name.isEmpty()
        && !name.startsWith(":")
        && !name.startsWith(GRPC_OWN)
        && !OF_THE_HOP.contains(name);
  }

  /** The metadata to send upstream with a call of this {@code dialect}. */
  Metadata toUpstream(Metadata headers, Dialect dialect) {
    Metadata upstream = new Metadata();
    for (String name : headers.keys()) {
      String target = upstreamName(name, dialect);
      if (isForwardable(target)) {
        copy(headers, name, upstream, target);
      }
    }
    return upstream;
  }

  /** The metadata of an answer that its caller gets to see, under the names of its dialect. */
  Metadata toClient(Metadata answer, Dialect dialect) {
    Metadata client = new Metadata();
    for (String name : answer.keys()) {
      if (isForwardable(name)) {
        copy(answer, name, client, clientName(name, dialect));
      } else if (name.equals(STATUS_DETAILS)) {
        copy(answer, name, client, name);
      }
    }
    return client;
  }

  /** Empty when the header is not forwarded. */
  private String upstreamName(String name, Dialect dialect) {
    if (name.startsWith(PREFIX)) {
      return name.substring(PREFIX.length());
    }
    return dialect == Dialect.GRPC || forwarded.contains(name) ? name : "";
  }

  private String clientName(String name, Dialect dialect) {
    return dialect != Dialect.JSON || forwarded.contains(name) ? name : PREFIX + name;
  }

  private static void copy(Metadata from, String name, Metadata to, String target) {
    if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      copy(
          from,
          Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER),
          to,
          Metadata.Key.of(target, Metadata.BINARY_BYTE_MARSHALLER));
    } else {
      copy(
          from,
          Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER),
          to,
          Metadata.Key.of(target, Metadata.ASCII_STRING_MARSHALLER));
    }
  }

  private static <T> void copy(
      Metadata from, Metadata.Key<T> name, Metadata to, Metadata.Key<T> target) {
    Iterable<T> values = from.getAll(name);
    if (values == null) {
      return;
    }
    for (T value : values) {
      to.put(target, value);
    }
  }
}
