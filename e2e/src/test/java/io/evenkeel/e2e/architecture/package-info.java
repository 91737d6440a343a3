/**
 * The rules that keep the code in the shape {@code ARCHITECTURE.md} describes. A rule that fails
 * prints each dependency or class that breaks it.
 *
 * <p>Start reading at {@link io.evenkeel.e2e.architecture.ArchitectureTest}.
 */
@NullMarked
package io.evenkeel.e2e.architecture;

import org.jspecify.annotations.NullMarked;
