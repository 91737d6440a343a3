/**
 * The {@code evenkeel} command.
 *
 * <p>Start reading at {@link io.evenkeel.cli.EvenkeelCommand}, the list of all commands.
 */
@NullMarked
package io.evenkeel.cli;

import org.jspecify.annotations.NullMarked;
