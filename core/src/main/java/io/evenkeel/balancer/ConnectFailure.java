package io.evenkeel.balancer;

import io.grpc.Status;

/**
 * The last time an endpoint could not be connected.
 *
 * @param status why
 * @param atNanos when, by the balancer's clock
 * @param inARow how often since it was last connected
 */
record ConnectFailure(Status status, long atNanos, int inARow) {}
