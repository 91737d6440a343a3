/**
 * Discovery of the endpoints that the target itself lists: {@code fixed:///host:port,host:port}.
 *
 * <p>Start reading at {@link io.evenkeel.discovery.fixed.FixedDiscoveryProvider}.
 */
@NullMarked
package io.evenkeel.discovery.fixed;

import org.jspecify.annotations.NullMarked;
