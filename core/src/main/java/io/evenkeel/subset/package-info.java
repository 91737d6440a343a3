/**
 * To which of many endpoints a client connects.
 *
 * <p>Start reading at {@link io.evenkeel.subset.Subset}.
 */
@NullMarked
package io.evenkeel.subset;

import org.jspecify.annotations.NullMarked;
