package io.evenkeel.balancer;

import io.evenkeel.health.HealthWatch;
import io.evenkeel.load.LoadReportWatch;
import org.jspecify.annotations.Nullable;

/**
 * What only some endpoints need, apart from the rest: ten thousand that need none of it do not pay
 * for its fields. Written in the synchronization context, read by any thread.
 */
final class EndpointExtras {

  /** Sees how attempts end; null while nobody wants to know. */
  volatile @Nullable EndpointGuard guard;

  /** What the endpoint gets of its share; null where that is all of it. */
  volatile @Nullable EndpointShare share;

  /** Its connections, where there may be several or they age; null where not. */
  volatile @Nullable ConnectionSet connections;

  /** Follows its health; null where nothing does. Synchronization context only. */
  @Nullable HealthWatch watch;

  /** Follows the load that it reports by itself; null where nothing does. The same. */
  @Nullable LoadReportWatch reports;
}
