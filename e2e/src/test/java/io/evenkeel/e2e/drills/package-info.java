/**
 * Failure drills: the shipped command as real processes, real signals, and what callers saw.
 *
 * <p>Start reading at {@link io.evenkeel.e2e.drills.Cluster}.
 */
@NullMarked
package io.evenkeel.e2e.drills;

import org.jspecify.annotations.NullMarked;
