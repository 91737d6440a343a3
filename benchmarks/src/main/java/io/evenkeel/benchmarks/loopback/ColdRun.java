package io.evenkeel.benchmarks.loopback;

/**
 * One cold client, seen from both sides.
 *
 * @param answers what the client saw
 * @param handshakes the most connections that the server had accepted and that were not yet ready
 *     for calls
 */
record ColdRun(FirstAnswers answers, int handshakes) {}
