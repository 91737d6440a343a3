/**
 * Asks one endpoint whether it serves, over gRPC's health protocol. It gives verdicts and never
 * chooses.
 *
 * <p>Start reading at {@link io.evenkeel.health.HealthWatch}.
 */
@NullMarked
package io.evenkeel.health;

import org.jspecify.annotations.NullMarked;
