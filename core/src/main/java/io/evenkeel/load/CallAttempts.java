package io.evenkeel.load;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one call: where it was tried and how that has ended. The call's end releases
 * those that gRPC never closes. An interceptor puts it into the call options.
 *
 * <p>An attempt counts from the moment in which an endpoint was asked for its tracer, even if no
 * stream came of it. Once the call has ended there is nothing to know any more. Thread-safe; what
 * it is asked takes one step for each attempt at most.
 */
public final class CallAttempts {

  /** Where the attempts of a call look for this object. */
  public static final CallOptions.Key<@Nullable CallAttempts> KEY =
      CallOptions.Key.create("io.evenkeel.attempts");

  private static final VarHandle NEWEST;

  static {
    try {
      NEWEST = MethodHandles.lookup().findVarHandle(CallAttempts.class, "newest", Attempt.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final Attempt CLOSED = new Attempt(new EndpointLoad(), null);

  private final boolean unary;
  private volatile @Nullable Attempt newest;
  private volatile @Nullable Status lastFailure;
  private volatile boolean endedInSilence;
  private @Nullable Long waitingSinceNanos; // null until it has to wait
  private volatile @Nullable PushBack pushBack;
  private volatile @Nullable Runnable price;
  private volatile @Nullable Metadata marked; // trailers that were told to forbid a retry

  /** Of a call of {@code type}. */
  public CallAttempts(MethodType type) {
    unary = type == MethodType.UNARY;
  }

  /** Whether an attempt was started. */
  public boolean any() {
    return first() != null;
  }

  /** Whether an attempt was started on the endpoint that carries {@code load}. */
  public boolean tried(EndpointLoad load) {
    for (Attempt attempt = first(); attempt != null; attempt = attempt.next) {
      if (attempt.load == load) {
        return true;
      }
    }
    return false;
  }

  /** Whether an attempt is not over yet. */
  public boolean anyOpen() {
    for (Attempt attempt = first(); attempt != null; attempt = attempt.next) {
      if (attempt.open()) {
        return true;
      }
    }
    return false;
  }

  /** Whether there was one attempt, and its endpoint has lost the connection since. */
  public boolean lostItsConnection() {
    Attempt only = first();
    return only != null && only.next == null && only.lostItsConnection();
  }

  /**
   * Whether there was one attempt, and it has ended without a word from the server. Its connection
   * may be lost then; calls end a moment before that is known ({@link #lostItsConnection}).
   */
  public boolean endedInSilence() {
    Attempt only = first();
    return only != null && only.next == null && endedInSilence;
  }

  /** The {@code nowNanos} with which this was asked first. */
  public synchronized long waitingSince(long nowNanos) {
    if (waitingSinceNanos == null) {
      waitingSinceNanos = nowNanos;
    }
    return waitingSinceNanos;
  }

  /**
   * The status, not OK, of the attempt whose stream was the last to end so; null when there is
   * none. When gRPC picks for a retry, that of the attempt before is there.
   */
  public @Nullable Status lastFailure() {
    return lastFailure;
  }

  /** What a server has last said of further attempts, for good if it forbids them; null if none. */
  public @Nullable PushBack pushBack() {
    return pushBack;
  }

  /**
   * When the first attempt was started, by the clock of its observer; {@code otherwise} when none
   * was or nobody looked at a clock.
   */
  public long firstStartNanos(long otherwise) {
    Attempt oldest = first();
    while (oldest != null && oldest.next != null) {
      oldest = oldest.next;
    }
    return oldest instanceof TimedAttempt timed && timed.isTimed() ? timed.startNanos : otherwise;
  }

  /** Runs {@code price} when another attempt after the first starts, in place of the one before. */
  public void charge(Runnable price) {
    this.price = price;
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
      head = newest;
      if (head == CLOSED) {
        attempt.release();
        return;
      }
      attempt.next = head;
    } while (!NEWEST.compareAndSet(this, head, attempt));
    Runnable toPay = price;
    if (head != null && toPay != null) {
      toPay.run();
    }
  }

  /** The stream of an attempt has ended with {@code status}, not OK, and {@code silent} or not. */
  void failed(Status status, boolean silent) {
    lastFailure = status;
    endedInSilence = silent;
  }

  /** The trailers of an attempt, which may say something of further ones. */
  void onTrailers(Metadata trailers) {
    String millis = trailers.get(PushBack.TRAILER);
    if (millis != null) {
      pushedBack(PushBack.of(millis));
    }
  }

  /**
   * Keeps gRPC from retrying an attempt that has ended with {@code trailers}, which say nothing of
   * retries.
   */
  void forbidRetry(Metadata trailers) {
    PushBack.forbidIn(trailers);
    marked = trailers;
  }

  private synchronized void pushedBack(PushBack next) {
    PushBack before = pushBack;
    if (before == null || !before.forbids()) {
      pushBack = next;
    }
  }

  /**
   * The call has ended: releases what is left of its attempts, and gives its trailers back as they
   * came.
   */
  public void close() {
    Metadata changed = marked;
    if (changed != null) {
      PushBack.removeFrom(changed);
    }
    Attempt attempt = (Attempt) NEWEST.getAndSet(this, CLOSED);
    while (attempt != null && attempt != CLOSED) {
      attempt.release();
      attempt = attempt.next;
    }
  }

  private @Nullable Attempt first() {
    Attempt head = newest;
    return head == CLOSED ? null : head;
  }
}
