/**
 * What keeps calls going while endpoints fail, are slow or are gone, over real servers and
 * channels.
 *
 * <p>Start reading at {@link io.evenkeel.guard.EjectionTest}.
 */
@NullMarked
package io.evenkeel.guard;

import org.jspecify.annotations.NullMarked;
