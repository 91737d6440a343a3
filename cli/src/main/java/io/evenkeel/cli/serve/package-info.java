/**
 * {@code evenkeel serve} and {@code evenkeel gateway}: the processes that run until they are told
 * to stop.
 *
 * <p>Start reading at {@link io.evenkeel.cli.serve.ServeCommand}.
 */
@NullMarked
package io.evenkeel.cli.serve;

import org.jspecify.annotations.NullMarked;
