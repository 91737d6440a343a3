package io.evenkeel;

import java.time.Duration;
import java.time.Instant;

/**
 * Something that happened once.
 *
 * @param what in words
 * @param at when, by the wall clock
 * @param age how long ago, by a clock that nobody sets
 */
public record Occurrence(String what, Instant at, Duration age) {}
