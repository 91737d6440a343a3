package io.evenkeel;

/**
 * Endpoints that share calls as one, because they have the same priority and, where zones count,
 * are in the same zone.
 *
 * @param priority 0 is used first
 * @param zone empty when unknown, or when zones do not count
 * @param share the part of the calls that the group gets, 0 to 1
 * @param panics whether so few of its endpoints look good that all that are connected are used
 */
public record TrafficGroup(int priority, String zone, double share, boolean panics) {}
