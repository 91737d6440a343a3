package io.evenkeel.benchmarks;

import java.util.List;
import java.util.Map;

/** A policy that is measured. The name of the constant is how benchmarks and results call it. */
@SuppressWarnings("ImmutableEnumChecker") // the maps are made by Map.of
public enum Subject {
  /** grpc-util's, without the wrapper that grpc-services puts around it. */
  GRPC_ROUND_ROBIN("round_robin", Map.of(), Weights.NONE),
  EVENKEEL_ROUND_ROBIN("evenkeel", policy("round_robin"), Weights.NONE),
  GRPC_LEAST_REQUEST("least_request_experimental", Map.of("choiceCount", 2.0), Weights.NONE),
  EVENKEEL_LEAST_REQUEST("evenkeel", policy("least_request"), Weights.NONE),
  EVENKEEL_LEAST_REQUEST_FULL_SCAN(
      "evenkeel", policy("least_request", Map.of("fullScan", true)), Weights.NONE),
  EVENKEEL_PEAK_EWMA("evenkeel", policy("peak_ewma"), Weights.MEASURED),
  GRPC_WEIGHTED_ROUND_ROBIN(
      "weighted_round_robin", Map.of("blackoutPeriod", "0s"), Weights.REPORTED),
  EVENKEEL_WEIGHTED_ROUND_ROBIN("evenkeel", policy("weighted_round_robin"), Weights.STATIC),
  EVENKEEL_WEIGHTED_ROUND_ROBIN_REPORTED(
      "evenkeel", policy("weighted_round_robin", Map.of("blackoutPeriod", "0s")), Weights.REPORTED),
  EVENKEEL_RANDOM("evenkeel", policy("random"), Weights.NONE),
  EVENKEEL_WEIGHTED_RANDOM("evenkeel", policy("weighted_random"), Weights.STATIC),
  GRPC_RING_HASH("ring_hash_experimental", Map.of("requestHashHeader", Calls.HEADER), Weights.NONE),
  EVENKEEL_RING_HASH("evenkeel", hashing("ring_hash"), Weights.NONE),
  EVENKEEL_MAGLEV("evenkeel", hashing("maglev"), Weights.NONE),
  EVENKEEL_RENDEZVOUS("evenkeel", hashing("rendezvous"), Weights.NONE),
  /** With all that service config can put around a policy. */
  EVENKEEL_ROUND_ROBIN_GUARDED("evenkeel", guarded("round_robin"), Weights.NONE),
  EVENKEEL_LEAST_REQUEST_GUARDED("evenkeel", guarded("least_request"), Weights.NONE);

  /**
   * Each policy of ours, with the peer that it is compared with where it has one; one that is
   * guarded with itself when it is not.
   */
  static final List<List<Subject>> PAIRS =
      List.of(
          List.of(EVENKEEL_ROUND_ROBIN, GRPC_ROUND_ROBIN),
          List.of(EVENKEEL_LEAST_REQUEST, GRPC_LEAST_REQUEST),
          List.of(EVENKEEL_LEAST_REQUEST_FULL_SCAN),
          List.of(EVENKEEL_PEAK_EWMA),
          List.of(EVENKEEL_WEIGHTED_ROUND_ROBIN, GRPC_WEIGHTED_ROUND_ROBIN),
          List.of(EVENKEEL_WEIGHTED_ROUND_ROBIN_REPORTED, GRPC_WEIGHTED_ROUND_ROBIN),
          List.of(EVENKEEL_RANDOM),
          List.of(EVENKEEL_WEIGHTED_RANDOM),
          List.of(EVENKEEL_RING_HASH, GRPC_RING_HASH),
          List.of(EVENKEEL_MAGLEV),
          List.of(EVENKEEL_RENDEZVOUS),
          List.of(EVENKEEL_ROUND_ROBIN_GUARDED, EVENKEEL_ROUND_ROBIN),
          List.of(EVENKEEL_LEAST_REQUEST_GUARDED, EVENKEEL_LEAST_REQUEST));

  final String policy;
  final Map<String, ?> config;
  final Weights weights;

  /** Where uneven weights come from. */
  enum Weights {
    NONE,
    /** From discovery. */
    STATIC,
    /** From the load that each endpoint reports with its answers. */
    REPORTED,
    /** From the latency of a call to each endpoint. */
    MEASURED
  }

  Subject(String policy, Map<String, ?> config, Weights weights) {
    this.policy = policy;
    this.config = config;
    this.weights = weights;
  }

  /** Whether it is Evenkeel's. */
  boolean isOurs() {
    return policy.equals("evenkeel");
  }

  /** Whether it has everything around it that service config can switch on. */
  boolean isGuarded() {
    return this == EVENKEEL_ROUND_ROBIN_GUARDED || this == EVENKEEL_LEAST_REQUEST_GUARDED;
  }

  /** Whether it connects an endpoint only when a call is for it. */
  boolean connectsOnDemand() {
    return this == GRPC_RING_HASH;
  }

  private static Map<String, ?> guarded(String name) {
    return Map.of(
        "policy",
        Map.of(name, Map.of()),
        "outlier",
        Map.of("successRate", Map.of(), "failurePercentage", Map.of(), "latency", Map.of()),
        "zone",
        Map.of("local", "here"),
        "slowStart",
        Map.of(),
        "subset",
        Map.of("size", 10_000),
        "maxInFlightPerEndpoint",
        1_000,
        "adaptiveLimit",
        Map.of(),
        "hedging",
        Map.of());
  }

  private static Map<String, ?> hashing(String name) {
    return Map.of("policy", Map.of(name, Map.of("header", Calls.HEADER)));
  }

  private static Map<String, ?> policy(String name) {
    return policy(name, Map.of());
  }

  private static Map<String, ?> policy(String name, Map<String, ?> settings) {
    return Map.of("policy", Map.of(name, settings));
  }
}
