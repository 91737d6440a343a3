package io.evenkeel.load;

import io.grpc.Status;

/** What the end of a call says of the endpoint that served it. */
public enum Outcome {
  /** It has answered. */
  ANSWERED,
  /** It is at fault: other calls would have failed too. */
  FAILED,
  /** It has not answered before the deadline. */
  LATE,
  /** It has answered that something is wrong with this call. */
  REJECTED,
  /** Nobody has waited for an answer. */
  ABANDONED;

  /** Of a call that ended with {@code status}. */
  public static Outcome of(Status status) {
    return switch (status.getCode()) {
      case OK -> ANSWERED;
      case UNAVAILABLE, RESOURCE_EXHAUSTED, INTERNAL, UNKNOWN, DATA_LOSS -> FAILED;
      case DEADLINE_EXCEEDED -> LATE;
      case CANCELLED -> ABANDONED;
      default -> REJECTED;
    };
  }

  /** Whether the endpoint has answered, with whatever. */
  boolean isAnswer() {
    return this == ANSWERED || this == REJECTED;
  }

  /** Whether it counts as a failure of the endpoint. */
  public boolean isFailure() {
    return this == FAILED || this == LATE;
  }
}
