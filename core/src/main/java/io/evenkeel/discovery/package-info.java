/**
 * How a client learns where a service runs: the read side of a registry, and its way into gRPC.
 *
 * <p>Start reading at {@link io.evenkeel.discovery.Discovery}; {@link
 * io.evenkeel.discovery.DiscoveryProvider} makes one reachable by a target URI.
 */
@NullMarked
package io.evenkeel.discovery;

import org.jspecify.annotations.NullMarked;
