/**
 * HTTP and JSON in front of balanced gRPC services, by the {@code google.api.http} annotations of
 * their protos.
 *
 * <p>Start reading at {@code Gateway}, then {@code ForwardedService}.
 */
@NullMarked
package io.evenkeel.gateway;

import org.jspecify.annotations.NullMarked;
