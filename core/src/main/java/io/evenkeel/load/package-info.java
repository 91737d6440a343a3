/**
 * Measures one endpoint: the attempts that run on it now, its failures and its latency. It never
 * chooses.
 *
 * <p>Start reading at {@link io.evenkeel.load.EndpointLoad}.
 */
@NullMarked
package io.evenkeel.load;

import org.jspecify.annotations.NullMarked;
