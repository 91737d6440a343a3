package io.evenkeel.policy;

import io.evenkeel.Endpoint;
import java.net.SocketAddress;

/**
 * The number by which hash policies know an endpoint: the same on every client and after every
 * restart, whatever the order of the list.
 *
 * <p>It is made from what the registration gives as {@value #METADATA_KEY} in its metadata, so that
 * a process that comes back at another address can keep its keys; else from the set of addresses.
 * The id is not used, as many registries draw a new one at each start.
 */
public final class EndpointIdentity {
  /** Where a registration may give the text that the number is made from. */
  public static final String METADATA_KEY = "hashKey";

  private EndpointIdentity() {}

  /** The identity of {@code endpoint}; never 0. */
  public static long of(Endpoint endpoint) {
    String given = endpoint.metadata().getOrDefault(METADATA_KEY, "");
    long identity = given.isEmpty() ? ofAddresses(endpoint) : StableHash.of(given);
    return identity == 0 ? 1 : identity;
  }

  private static long ofAddresses(Endpoint endpoint) {
    long sum = 0; // the same in any order
    for (SocketAddress address : endpoint.addresses()) {
      sum += StableHash.of(Endpoint.of(address).displayAddress());
    }
    return StableHash.mix(sum);
  }
}
