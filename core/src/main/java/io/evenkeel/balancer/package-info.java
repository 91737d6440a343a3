/**
 * The engine: one gRPC load balancer that owns connections, health and the rotation, and lets a
 * policy choose.
 *
 * <p>Start reading at {@link io.evenkeel.balancer.EvenkeelBalancer}; {@link
 * io.evenkeel.balancer.PolicyCatalog} answers which policies exist.
 */
@NullMarked
package io.evenkeel.balancer;

import org.jspecify.annotations.NullMarked;
