package io.evenkeel.cli.schema;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One conversation with one server about its schema. Not thread-safe. */
final class ReflectionCall implements AutoCloseable {
  private final BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> call;

  ReflectionCall(Channel channel, ReflectionProtocol protocol, long timeoutNanos) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS);
    this.call = ClientCalls.blockingBidiStreamingCall(channel, protocol.method(), options);
  }

  /** The file that describes {@code symbol}, perhaps with its imports; empty if there is none. */
  List<ByteString> fileContaining(String symbol) {
    return files(ServerReflectionRequest.newBuilder().setFileContainingSymbol(symbol).build());
  }

  /** The file of that name; empty if there is none. */
  List<ByteString> fileNamed(String name) {
    return files(ServerReflectionRequest.newBuilder().setFileByFilename(name).build());
  }

  /** The names of all services. */
  List<String> services() {
    return ask(ServerReflectionRequest.newBuilder().setListServices("*").build())
        .getListServicesResponse()
        .getServiceList()
        .stream()
        .map(ServiceResponse::getName)
        .toList();
  }

  private List<ByteString> files(ServerReflectionRequest request) {
    return ask(request).getFileDescriptorResponse().getFileDescriptorProtoList();
  }

  private ServerReflectionResponse ask(ServerReflectionRequest request) {
    try {
      call.write(request);
      ServerReflectionResponse response = call.read();
      if (response == null) {
        throw Status.INTERNAL.withDescription("the server hung up").asRuntimeException();
      }
      return response;
    } catch (StatusException e) {
      throw e.getStatus().asRuntimeException();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
    }
  }

  @Override
  public void close() {
    call.cancel("the schema is known", null);
  }
}
