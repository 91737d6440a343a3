package io.evenkeel.discovery.file;

import java.time.InstantSource;

/**
 * When a look at a directory happens.
 *
 * @param nanos of a clock that only runs forward
 * @param sinceLastLookNanos by the same clock; {@link Long#MAX_VALUE} at the first look
 * @param wallClock may jump
 */
record Moment(long nanos, long sinceLastLookNanos, InstantSource wallClock) {}
