package io.evenkeel;

import java.time.Duration;
import java.util.Optional;

/**
 * How the discovery behind a list of endpoints stands, at one moment.
 *
 * @param target where the list comes from: the channel's target, or the fallback it names
 * @param fallback whether that is the fallback
 * @param age how long ago the list was last confirmed by its source; empty before the first list
 * @param problem why the last look confirmed nothing; empty where it did
 * @param skipped elements of the last list that the source left out because they are bad
 * @param held endpoints that are missing in the last look and used all the same, until another look
 *     confirms that so many are gone at once
 * @param rebuilds how often the client of the registry was given up for a new one
 */
public record SourceSnapshot(
    String target,
    boolean fallback,
    Optional<Duration> age,
    String problem,
    int skipped,
    int held,
    long rebuilds) {

  /** Whether the list is used although the last look at its source did not confirm it. */
  public boolean stale() {
    return !problem.isEmpty();
  }
}
