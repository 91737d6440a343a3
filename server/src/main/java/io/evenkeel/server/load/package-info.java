/**
 * Tells clients how busy the server is, so that they can weigh it among others.
 *
 * <p>Start reading at {@link io.evenkeel.server.load.LoadReporter}.
 */
@NullMarked
package io.evenkeel.server.load;

import org.jspecify.annotations.NullMarked;
