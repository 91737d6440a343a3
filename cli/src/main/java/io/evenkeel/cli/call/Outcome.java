package io.evenkeel.cli.call;

import io.grpc.Metadata;
import io.grpc.Status;

/**
 * How one call ended.
 *
 * @param status what it ended with
 * @param trailers what came with the status
 * @param servedBy who answered: what the first answer calls {@code served_by}, else the address of
 *     the connection; empty if the call never had one
 * @param latencyNanos from the moment the call was due until it ended
 */
record Outcome(Status status, Metadata trailers, String servedBy, long latencyNanos) {}
