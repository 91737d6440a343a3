package io.evenkeel.demo;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/**
 * Sends the request headers that start with {@code x-} back, as response headers and as trailers.
 */
final class MetadataEcho implements ServerInterceptor {
  private static final String ECHOED_PREFIX = "x-";

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    Metadata echoed = new Metadata();
    headers.keys().stream()
        .filter(name -> name.startsWith(ECHOED_PREFIX))
        .forEach(name -> copy(name, headers, echoed));
    return next.startCall(new EchoingCall<>(call, echoed), headers);
  }

  private static void copy(String name, Metadata from, Metadata to) {
    if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      copy(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), from, to);
    } else {
      copy(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), from, to);
    }
  }

  private static <T> void copy(Metadata.Key<T> key, Metadata from, Metadata to) {
    Iterable<T> values = from.getAll(key);
    if (values != null) {
      values.forEach(value -> to.put(key, value));
    }
  }

  private static final class EchoingCall<ReqT, RespT>
      extends SimpleForwardingServerCall<ReqT, RespT> {
    private final Metadata echoed;

    EchoingCall(ServerCall<ReqT, RespT> delegate, Metadata echoed) {
      super(delegate);
      this.echoed = echoed;
    }

    @Override
    public void sendHeaders(Metadata headers) {
      headers.merge(echoed);
      super.sendHeaders(headers);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      trailers.merge(echoed);
      super.close(status, trailers);
    }
  }
}
