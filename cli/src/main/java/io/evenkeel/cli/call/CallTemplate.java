package io.evenkeel.cli.call;

import com.google.protobuf.DynamicMessage;
import io.evenkeel.cli.schema.DynamicMethod;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What every call of a run has in common.
 *
 * @param method what is called
 * @param requests what is sent: one message, or any number where the client streams
 * @param headers sent with each call
 * @param deadlineNanos how long a call may take; 0 for as long as it likes
 */
record CallTemplate(
    DynamicMethod method, List<DynamicMessage> requests, Metadata headers, long deadlineNanos) {

  CallOptions options() {
    return deadlineNanos == 0
        ? CallOptions.DEFAULT
        : CallOptions.DEFAULT.withDeadlineAfter(deadlineNanos, TimeUnit.NANOSECONDS);
  }

  /** A copy, because a call changes its headers. */
  Metadata freshHeaders() {
    Metadata copy = new Metadata();
    copy.merge(headers);
    return copy;
  }
}
