package io.evenkeel;

import java.util.StringJoiner;

/**
 * How many endpoints are in which state, and what last went wrong.
 *
 * @param ready take calls
 * @param connecting have no verdict yet
 * @param unhealthy are connected, but their health service says they do not serve, or says nothing
 * @param ejected are connected, but have failed too many calls and take none for a while
 * @param failed could not be connected; they are tried again after a back-off
 * @param problem the last errors with their addresses; empty when there was none
 */
public record BalancerState(
    int ready, int connecting, int unhealthy, int ejected, int failed, String problem) {

  /** How many endpoints the balancer knows. */
  public int total() {
    return ready + connecting + unhealthy + ejected + failed;
  }

  /**
   * The picture in words: {@code 3 endpoints (1 connecting, 2 failed): 127.0.0.1:8080: Connection
   * refused}.
   */
  @Override
  public String toString() {
    StringJoiner states = new StringJoiner(", ", " (", ")").setEmptyValue("");
    addIfAny(states, ready, "ready");
    addIfAny(states, connecting, "connecting");
    addIfAny(states, unhealthy, "unhealthy");
    addIfAny(states, ejected, "ejected");
    addIfAny(states, failed, "failed");
    String endpoints = total() == 1 ? "1 endpoint" : total() + " endpoints";
    return endpoints + states + (problem.isEmpty() ? "" : ": " + problem);
  }

  private static void addIfAny(StringJoiner states, int count, String name) {
    if (count > 0) {
      states.add(count + " " + name);
    }
  }
}
