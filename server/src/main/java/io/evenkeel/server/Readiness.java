package io.evenkeel.server;

import java.util.List;

/**
 * Whether a server should get calls, and if not or not fully, why.
 *
 * @param ready serving, and in at least one registry if it is to be in any: one registry that is
 *     down must not take out a server that clients find through another
 * @param state where the server is in its life
 * @param reasons what is amiss; may be non-empty although the server is ready
 */
record Readiness(boolean ready, ServerState state, List<String> reasons) {

  static Readiness of(ServerState state, Registrations registrations) {
    return state == ServerState.SERVING
        ? new Readiness(registrations.findable(), state, registrations.problems())
        : new Readiness(false, state, List.of("the server is stopping"));
  }
}
