package io.evenkeel.gateway;

import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which headers of a request become metadata of the upstream call, and which metadata of its answer
 * become headers.
 *
 * <p>Of an HTTP client's headers only the listed ones pass, since most of them are its browser's
 * own; {@code grpc-metadata-NAME} passes as {@code NAME}, and metadata of the answer comes back the
 * same way. A native gRPC client's metadata is meant for the service and passes whole. The list
 * saves noise and is no guard: whoever can send a header can send {@code grpc-metadata-} too.
 *
 * <p>Immutable.
 */
final class HeaderRules {
  static final Set<String> FORWARDED_BY_DEFAULT =
      Set.of("authorization", "traceparent", "tracestate", RequestId.HEADER);

  private static final String PREFIX = "grpc-metadata-";
  private static final String GRPC_OWN = "grpc-";

  /** Error details, the one header of gRPC's own that is for the caller. */
  static final String STATUS_DETAILS = "grpc-status-details-bin";

  /** What gRPC accepts as the name of a header. */
  private static final Pattern NAME = Pattern.compile("[0-9a-z_.-]+");

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

  /** Whether a header may ever be sent upstream, or back, under this name. */
  static boolean isForwardable(String name) {
    return NAME.matcher(name).matches() && !name.startsWith(GRPC_OWN) && !OF_THE_HOP.contains(name);
  }

  /**
   * The metadata that an HTTP client's headers become.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if a binary one is not Base64
   */
  Metadata ofHttpRequest(HttpHeaders headers) {
    Metadata metadata = new Metadata();
    headers.forEach(
        (header, value) -> {
          String name = upstreamName(header.toString());
          if (isForwardable(name)) {
            put(metadata, name, value);
          }
        });
    return metadata;
  }

  /** The metadata that a gRPC client's metadata become. */
  Metadata ofGrpcRequest(Metadata headers, Dialect dialect) {
    Metadata metadata = new Metadata();
    for (String header : headers.keys()) {
      String name = dialect == Dialect.GRPC ? header : upstreamName(header);
      if (isForwardable(name)) {
        copy(headers, header, metadata, name);
      }
    }
    return metadata;
  }

  /** What a gRPC client gets to see of an answer's headers or trailers. */
  Metadata ofAnswer(Metadata answer) {
    Metadata metadata = new Metadata();
    for (String name : answer.keys()) {
      if (isForwardable(name) || name.equals(STATUS_DETAILS)) {
        copy(answer, name, metadata, name);
      }
    }
    return metadata;
  }

  /** Adds what an HTTP client gets to see of an answer's headers. */
  void addAnswer(Metadata answer, ResponseHeadersBuilder headers) {
    for (String name : answer.keys()) {
      if (isForwardable(name)) {
        String header = forwarded.contains(name) ? name : PREFIX + name;
        texts(answer, name).forEach(value -> headers.add(header, value));
      }
    }
  }

  /** Empty when the header is not forwarded. */
  private String upstreamName(String header) {
    if (header.startsWith(PREFIX)) {
      return header.substring(PREFIX.length());
    }
    return forwarded.contains(header) ? header : "";
  }

  private static void put(Metadata metadata, String name, String value) {
    if (!name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      metadata.put(text(name), value);
      return;
    }
    try {
      metadata.put(binary(name), Base64.getDecoder().decode(value));
    } catch (IllegalArgumentException e) {
      throw Status.INVALID_ARGUMENT
          .withDescription("header %s: not Base64".formatted(name))
          .asRuntimeException();
    }
  }

  private static Iterable<String> texts(Metadata metadata, String name) {
    if (!name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      return all(metadata, text(name));
    }
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return all(metadata, binary(name)).stream().map(base64::encodeToString).toList();
  }

  private static void copy(Metadata from, String name, Metadata to, String target) {
    if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      all(from, binary(name)).forEach(value -> to.put(binary(target), value));
    } else {
      all(from, text(name)).forEach(value -> to.put(text(target), value));
    }
  }

  private static <T> List<T> all(Metadata metadata, Metadata.Key<T> key) {
    List<T> values = new ArrayList<>();
    Iterable<T> found = metadata.getAll(key);
    if (found != null) {
      found.forEach(values::add);
    }
    return values;
  }

  private static Metadata.Key<String> text(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static Metadata.Key<byte[]> binary(String name) {
    return Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
  }
}
