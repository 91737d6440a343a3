package io.evenkeel;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How one endpoint stands.
 *
 * @param endpoint what discovery says of it
 * @param state where it stands
 * @param reason what went wrong last, in words; empty when nothing has or it is READY
 * @param since when it entered its state, by the wall clock
 * @param age how long it has been in its state, by a clock that nobody sets
 * @param effectiveWeight its weight in the rotation that takes calls now; 0 when it is not in it
 * @param inFlight attempts of calls that run on it
 * @param limit how many it may have; empty when any number
 * @param connections how many connections it has
 * @param streamsPerConnection how many calls the server takes on a connection at a time, as
 *     configured or as learnt from calls that waited; empty while nobody knows
 * @param queued attempts that wait in its connections, for a stream or for the network; with {@code
 *     streamsPerConnection} known they wait for a stream. Calls that are just being sent count
 * @param latency the average time to an answer; empty when the policy does not measure it, or there
 *     is none of late
 * @param oldestCall how long the oldest call has been waiting for its answer; empty when none does
 *     or the policy does not measure it
 * @param failures attempts that the endpoint has failed, by not being available, by an error of its
 *     own or by being late; it remembers them for half an hour without a connection
 * @param picks attempts that were started on it since it was found
 * @param share its part of the picks of all endpoints in the picture, 0 to 1
 * @param connectFailures how often in a row it could not be connected; 0 once it was
 * @param lastConnectFailure the last time it could not be connected, also when it is READY now
 */
public record EndpointSnapshot(
    Endpoint endpoint,
    EndpointState state,
    String reason,
    Instant since,
    Duration age,
    double effectiveWeight,
    int inFlight,
    OptionalInt limit,
    int connections,
    OptionalInt streamsPerConnection,
    int queued,
    Optional<Duration> latency,
    Optional<Duration> oldestCall,
    long failures,
    long picks,
    double share,
    int connectFailures,
    Optional<Occurrence> lastConnectFailure) {}
