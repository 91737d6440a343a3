/**
 * Finds services in Consul, and registers them there.
 *
 * <p>Start reading at the provider that is named in {@code META-INF/services}.
 */
@NullMarked
package io.evenkeel.discovery.consul;

import org.jspecify.annotations.NullMarked;
