package io.evenkeel.policy;

/**
 * A choice and its reason.
 *
 * @param candidate one of the rotation's candidates
 * @param reason why, as an operator understands it: {@code 2 in flight < 5 of 10.0.0.2:8080}; empty
 *     when there is nothing to say
 */
public record ExplainedPick(Candidate candidate, String reason) {}
