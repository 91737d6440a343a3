/**
 * {@code evenkeel resolve}, {@code watch} and {@code registry}: what discovery says, and what
 * registries hold.
 *
 * <p>Start reading at {@link io.evenkeel.cli.discovery.Resolution}.
 */
@NullMarked
package io.evenkeel.cli.discovery;

import org.jspecify.annotations.NullMarked;
