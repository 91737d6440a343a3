/**
 * {@code evenkeel call}: one call, or a load of them, and who served how many.
 *
 * <p>Start reading at {@link io.evenkeel.cli.call.CallCommand}; {@link
 * io.evenkeel.cli.call.LoadRun} makes the calls.
 */
@NullMarked
package io.evenkeel.cli.call;

import org.jspecify.annotations.NullMarked;
