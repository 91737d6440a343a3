package io.evenkeel.gateway;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** A real gRPC server of the test's library service, without generated code. */
final class LibraryUpstream implements AutoCloseable {
  static final ServiceDescriptor SERVICE = service();

  /** What the calls brought, in order. */
  final BlockingQueue<Metadata> headers = new LinkedBlockingQueue<>();

  final BlockingQueue<Deadline> deadlines = new LinkedBlockingQueue<>();

  /** Opens when a call has arrived, and when a hanging one was cancelled. */
  final CountDownLatch arrived = new CountDownLatch(1);

  final CountDownLatch cancelled = new CountDownLatch(1);

  private final Server server;
  private volatile Unary unary = (request, answers) -> echo(request, answers);
  private volatile Metadata answerHeaders = new Metadata();

  private LibraryUpstream(Server server, Handlers handlers) {
    this.server = server;
    handlers.upstream = this;
  }

  static LibraryUpstream start() throws IOException {
    Handlers handlers = new Handlers();
    Server server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(ServerInterceptors.intercept(definition(handlers), handlers))
            .build();
    LibraryUpstream upstream = new LibraryUpstream(server, handlers);
    server.start();
    return upstream;
  }

  int port() {
    return server.getPort();
  }

  /** Answers unary calls in another way than with their request. */
  void answer(Unary unary) {
    this.unary = unary;
  }

  void answerHeaders(Metadata answerHeaders) {
    this.answerHeaders = answerHeaders;
  }

  /** Leaves unary calls without an answer until they are cancelled. */
  void hang() {
    unary =
        (request, answers) ->
            ((ServerCallStreamObserver<DynamicMessage>) answers)
                .setOnCancelHandler(cancelled::countDown);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static void echo(DynamicMessage request, StreamObserver<DynamicMessage> answers) {
    answers.onNext(request);
    answers.onCompleted();
  }

  private static ServiceDescriptor service() {
    Path descriptors =
        Path.of("target/generated-test-resources/protobuf/descriptor-sets/library.protobin");
    try {
      return DescriptorSets.services(descriptors).stream()
          .filter(service -> service.getName().equals("Library"))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServerServiceDefinition definition(Handlers handlers) {
    ServerServiceDefinition.Builder service =
        ServerServiceDefinition.builder(SERVICE.getFullName());
    for (var method : SERVICE.getMethods()) {
      service.addMethod(ForwardedService.grpcMethod(method), handlers.of(method.getName()));
    }
    return service.build();
  }

  /** How a unary call is answered. */
  interface Unary {
    void answer(DynamicMessage request, StreamObserver<DynamicMessage> answers);
  }

  private static final class Handlers implements ServerInterceptor {
    private @Nullable LibraryUpstream upstream;

    ServerCallHandler<DynamicMessage, DynamicMessage> of(String method) {
      return switch (method) {
        case "Watch" -> ServerCalls.asyncServerStreamingCall(Handlers::repeat);
        case "Copy" -> ServerCalls.asyncBidiStreamingCall(Handlers::copy);
        default ->
            ServerCalls.asyncUnaryCall(
                (request, answers) -> upstream.unary.answer(request, answers));
      };
    }

    private static void repeat(DynamicMessage request, StreamObserver<DynamicMessage> answers) {
      FieldDescriptor copies = request.getDescriptorForType().findFieldByName("copies");
      for (int i = 0; i < (int) request.getField(copies); i++) {
        answers.onNext(request);
      }
      answers.onCompleted();
    }

    private static StreamObserver<DynamicMessage> copy(StreamObserver<DynamicMessage> answers) {
      return new StreamObserver<>() {
        @Override
        public void onNext(DynamicMessage message) {
          answers.onNext(message);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {
          answers.onCompleted();
        }
      };
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      upstream.headers.add(headers);
      Deadline deadline = Context.current().getDeadline();
      if (deadline != null) {
        upstream.deadlines.add(deadline);
      }
      upstream.arrived.countDown();
      return next.startCall(new WithHeaders<>(call, upstream.answerHeaders), headers);
    }
  }

  private static final class WithHeaders<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private final Metadata extra;

    WithHeaders(ServerCall<Q, R> call, Metadata extra) {
      super(call);
      this.extra = extra;
    }

    @Override
    public void sendHeaders(Metadata headers) {
      headers.merge(extra);
      super.sendHeaders(headers);
    }
  }
}
