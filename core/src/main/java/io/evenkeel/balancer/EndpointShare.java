package io.evenkeel.balancer;

/**
 * What an endpoint gets of the share that would be its, where it may be less than all of it. Kept
 * apart as few endpoints ever need it.
 */
final class EndpointShare {
  private final long bornNanos;
  private volatile double factor = 1;

  /**
   * All of it, for now.
   *
   * @param bornNanos when its process became part of the fleet, by the balancer's clock; perhaps
   *     long ago
   */
  EndpointShare(long bornNanos) {
    this.bornNanos = bornNanos;
  }

  long bornNanos() {
    return bornNanos;
  }

  /** More than 0, at most 1. Any thread. */
  double factor() {
    return factor;
  }

  void setFactor(double factor) {
    this.factor = factor;
  }
}
