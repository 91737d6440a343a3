/**
 * {@code evenkeel check}: finds in a service config what gRPC would skip or refuse.
 *
 * <p>Start reading at {@link io.evenkeel.cli.check.ServiceConfigLinter}; {@link
 * io.evenkeel.cli.check.ServiceConfigShape} says what a service config looks like.
 */
@NullMarked
package io.evenkeel.cli.check;

import org.jspecify.annotations.NullMarked;
