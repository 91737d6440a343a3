/**
 * The arithmetic of priorities, zones and panic: which share of the calls goes to which group of
 * endpoints.
 *
 * <p>Start reading at {@link io.evenkeel.locality.TrafficSplit}.
 */
@NullMarked
package io.evenkeel.locality;

import org.jspecify.annotations.NullMarked;
