package io.evenkeel.load;

import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a while endpoints that have no connection: those of a channel that is idle, or that
 * a registry has left out and may bring back. Bounded: each is forgotten after {@link #KEPT}, and
 * the oldest when there are more than {@value #MAX_ENDPOINTS}. It starts no thread; what has
 * expired goes when it is next used. Thread-safe.
 */
public final class LoadMemory {
  static final Duration KEPT = Duration.ofMinutes(30);
  static final int MAX_ENDPOINTS = 20_000;

  private final Cache<Key, LoadHistory> histories;

  /**
   * Which endpoint it is. The same backend behind two targets is two endpoints: it may be called
   * for different things.
   *
   * @param target the channel's
   * @param addresses what tells the endpoints of the target apart
   */
  public record Key(String target, Object addresses) {}

  /** An empty memory with a clock as {@link System#nanoTime}. */
  public LoadMemory(LongSupplier nanoTime) {
    histories =
        CacheBuilder.newBuilder()
            .concurrencyLevel(1)
            .maximumSize(MAX_ENDPOINTS)
            .expireAfterWrite(KEPT)
            .ticker(
                new Ticker() {
                  @Override
                  public long read() {
                    return nanoTime.getAsLong();
                  }
                })
            .build();
  }

  /** Keeps {@code history}, unless there is nothing in it. */
  public void remember(Key key, LoadHistory history) {
    if (!history.equals(LoadHistory.NONE)) {
      histories.put(key, history);
    }
  }

  /** Hands out what it knows and forgets it: from now on the caller knows better. */
  public LoadHistory recall(Key key) {
    @Nullable LoadHistory known = histories.asMap().remove(key);
    return known == null ? LoadHistory.NONE : known;
  }

  /** How many endpoints it remembers. */
  long size() {
    histories.cleanUp();
    return histories.size();
  }
}
