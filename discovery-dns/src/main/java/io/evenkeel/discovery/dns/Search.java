package io.evenkeel.discovery.dns;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * Tries the names that a short name may mean, one after the other, as the machine's resolver does:
 * a name that does not exist or has no such records leads to the next, so does a server that cannot
 * say, and silence ends the search. With one difference: where the name that had the records last
 * time cannot be looked up, no later name takes its place, because that may be another service.
 *
 * <p>Used in the discovery's synchronization context only.
 */
final class Search {
  private @Nullable Name lastGood;

  /** The first good answer, or the one that says most about why there is none. */
  <T extends Answer> CompletableFuture<T> first(
      List<Name> candidates, Function<Name, CompletableFuture<T>> question) {
    return from(0, candidates, question, null);
  }

  private <T extends Answer> CompletableFuture<T> from(
      int index,
      List<Name> candidates,
      Function<Name, CompletableFuture<T>> question,
      @Nullable T earlier) {
    Name name = candidates.get(index);
    return question
        .apply(name)
        .thenCompose(
            answer -> {
              if (answer.outcome() == Outcome.RECORDS) {
                lastGood = name;
                return CompletableFuture.completedFuture(answer);
              }
              T telling = moreTelling(earlier, answer);
              return endsWith(name, answer.outcome()) || index + 1 == candidates.size()
                  ? CompletableFuture.completedFuture(telling)
                  : from(index + 1, candidates, question, telling);
            });
  }

  private boolean endsWith(Name name, Outcome outcome) {
    return outcome == Outcome.SILENCE || (outcome == Outcome.FAILURE && name.equals(lastGood));
  }

  /** That a server could not say outweighs that another name does not exist. */
  private static <T extends Answer> T moreTelling(@Nullable T earlier, T answer) {
    return earlier == null || earlier.outcome().isDefinite() ? answer : earlier;
  }
}
