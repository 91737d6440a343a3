package io.evenkeel;

import java.util.Optional;

/**
 * What discovery has brought.
 *
 * @param lastList the list that is served, what is left out of it, and when it came
 * @param skipped elements of that list that were left out because they are bad
 * @param refusedLists lists that were not taken, because they were empty or had no usable element
 * @param lastRefusal the last of those
 * @param errors how often discovery has reported an error
 * @param lastError the last of those
 * @param source how the discovery stands that the list comes from; empty before the first list, and
 *     where the name resolver is not one of Evenkeel's
 */
public record DiscoverySnapshot(
    Optional<Occurrence> lastList,
    int skipped,
    long refusedLists,
    Optional<Occurrence> lastRefusal,
    long errors,
    Optional<Occurrence> lastError,
    Optional<SourceSnapshot> source) {}
