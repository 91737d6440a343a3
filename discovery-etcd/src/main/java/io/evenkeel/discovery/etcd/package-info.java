/**
 * etcd: finds services that are registered there, and registers them, in the layout of etcd's own
 * Go package {@code naming/endpoints}.
 *
 * <p>Start reading at {@link io.evenkeel.discovery.etcd.EtcdDiscoveryProvider}; {@code EtcdTarget}
 * explains the URIs, {@link io.evenkeel.discovery.etcd.GoEndpointsCodec} what is stored.
 */
@NullMarked
package io.evenkeel.discovery.etcd;

import org.jspecify.annotations.NullMarked;
