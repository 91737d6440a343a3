/**
 * Finds the endpoints of a Kubernetes service, in its EndpointSlices.
 *
 * <p>Start reading at {@link io.evenkeel.discovery.kubernetes.KubernetesDiscovery}; {@link
 * io.evenkeel.discovery.kubernetes.SliceMerge} says who is an endpoint.
 */
@NullMarked
package io.evenkeel.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;
