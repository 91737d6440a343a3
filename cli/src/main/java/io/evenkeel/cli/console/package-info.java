/**
 * What every command shares: where it prints, how it ends, how it is interrupted.
 *
 * <p>Start reading at {@link io.evenkeel.cli.console.Console}.
 */
@NullMarked
package io.evenkeel.cli.console;

import org.jspecify.annotations.NullMarked;
