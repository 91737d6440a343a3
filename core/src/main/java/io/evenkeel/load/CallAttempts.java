package io.evenkeel.load;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor.MethodType;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one call, so that the call's end can release those that gRPC never closes. An
 * interceptor puts it into the call options. Thread-safe.
 */
public final class CallAttempts {

  /** Where the attempts of a call look for this object. */
  public static final CallOptions.Key<@Nullable CallAttempts> KEY =
      CallOptions.Key.create("io.evenkeel.attempts");

  private static final Attempt CLOSED = new Attempt(new EndpointLoad(), null);

  private final boolean unary;
  private final AtomicReference<@Nullable Attempt> newest = new AtomicReference<>();

  /** Of a call of {@code type}. */
  public CallAttempts(MethodType type) {
    unary = type == MethodType.UNARY;
  }

  /** Whether the endpoint is at work as long as it is silent; a stream may wait for its client. */
  boolean endsWithItsAnswer() {
    return unary;
  }

  /**
   * Keeps {@code attempt} until the call ends; releases it at once when the call has ended already.
   */
  void add(Attempt attempt) {
    Attempt head;
    do {
      head = newest.get();
      if (head == CLOSED) {
        attempt.release();
        return;
      }
      attempt.next = head;
    } while (!newest.compareAndSet(head, attempt));
  }

  /** The call has ended: releases what is left of its attempts. */
  public void close() {
    Attempt attempt = newest.getAndSet(CLOSED);
    while (attempt != null && attempt != CLOSED) {
      attempt.release();
      attempt = attempt.next;
    }
  }
}
