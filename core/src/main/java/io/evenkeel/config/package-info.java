/**
 * Reads JSON configuration strictly: every value is checked, every unknown field is refused by
 * name.
 *
 * <p>Start reading at {@link io.evenkeel.config.ConfigReader}.
 */
@NullMarked
package io.evenkeel.config;

import org.jspecify.annotations.NullMarked;
