package io.evenkeel;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a call was sent, and why. gRPC may ask several times for the same call, and each time is a
 * pick.
 *
 * @param at when, by the wall clock
 * @param method full name of the called method
 * @param kind how the endpoint came to be chosen
 * @param endpoint the choice; empty when there was none
 * @param reason the policy's own words; empty when it has none
 * @param others how a few of the other endpoints stood
 */
public record PickRecord(
    Instant at,
    String method,
    Kind kind,
    Optional<Endpoint> endpoint,
    String reason,
    String others) {

  /** How an endpoint came to be chosen. */
  public enum Kind {
    /** The policy chose it. */
    FIRST_CHOICE("first choice"),
    /**
     * The policy chose it after another that was lost since the rotation was made, was full, had
     * been tried by the call before, or warms up.
     */
    REPICK("chosen again, as the first choice was lost, full, tried before or warming up"),
    /** The policy chose it after it had thrown an exception. */
    AFTER_FAULT("chosen again after a fault of the policy"),
    /** The policy found none that takes calls, or was broken: any that does was taken. */
    ANY_READY("any that takes calls, as the policy found none"),
    /** None takes calls: the call waits. */
    NONE("none takes calls, so the call waits"),
    /** Each that takes calls has as many in flight as it may have: the call fails. */
    FULL("all are full, so the call fails"),
    /** The retry budget is used up: the call fails as its last attempt did. */
    REFUSED("not tried again, as the retry budget is used up"),
    /** The hedge of a call that is not late yet: it waits, or is dropped when the answer comes. */
    TOO_EARLY("a hedge that waits, as the call is not late yet");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The kind in words. */
    public String text() {
      return text;
    }
  }
}
