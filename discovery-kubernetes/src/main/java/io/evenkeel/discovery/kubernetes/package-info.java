/**
 * Finds the endpoints of a Kubernetes service.
 *
 * <p>Start reading at the provider that is named in {@code META-INF/services}.
 */
@NullMarked
package io.evenkeel.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;
