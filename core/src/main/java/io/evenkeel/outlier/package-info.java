/**
 * Takes endpoints that fail, while their connections are up, out of use for a while.
 *
 * <p>Start reading at {@link io.evenkeel.outlier.OutlierDetector}.
 */
@NullMarked
package io.evenkeel.outlier;

import org.jspecify.annotations.NullMarked;
