package io.evenkeel.server;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A service whose calls wait, without a thread, until the test opens the gate. */
final class Gate {
  static final String SERVICE = "test.Gate";
  static final MethodDescriptor<String, String> PASS =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodType.UNARY)
          .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Pass"))
          .setRequestMarshaller(new Utf8())
          .setResponseMarshaller(new Utf8())
          .build();

  private final Queue<StreamObserver<String>> waiting = new ConcurrentLinkedQueue<>();
  private final Semaphore arrivals = new Semaphore(0);
  private volatile boolean open;

  ServerServiceDefinition service() {
    return ServerServiceDefinition.builder(SERVICE)
        .addMethod(PASS, ServerCalls.asyncUnaryCall(this::pass))
        .build();
  }

  private void pass(String request, StreamObserver<String> response) {
    if (request.equals("throw")) {
      throw new IllegalStateException("told to throw");
    }
    waiting.add(response);
    arrivals.release();
    if (open) {
      release();
    }
  }

  /** Waits until {@code calls} more calls have arrived; false if they do not in time. */
  boolean awaitArrivals(int calls) throws InterruptedException {
    return arrivals.tryAcquire(calls, 30, TimeUnit.SECONDS);
  }

  /** Whether one more call has arrived. */
  boolean hasArrival() {
    return arrivals.tryAcquire();
  }

  /** Answers all calls, now and from now on. */
  void open() {
    open = true;
    release();
  }

  /** Answers the calls that wait now. */
  void release() {
    StreamObserver<String> next = waiting.poll();
    while (next != null) {
      next.onNext("passed");
      next.onCompleted();
      next = waiting.poll();
    }
  }

  private static final class Utf8 implements Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
