package io.evenkeel.discovery.kubernetes;

import io.evenkeel.discovery.DiscoveryContext;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One question for the slices of a service. It waits for its turn, see {@link ApiClient#lists};
 * once the API server is asked, its answer ends in time.
 *
 * <p>Thread-safe.
 */
final class ListCall implements AutoCloseable {
  private final ApiClient client;
  private final String path;
  private final DiscoveryContext context;
  private final ListReader reader = new ListReader();
  private final Runnable turn = this::turn;
  private boolean hasTurn; // guarded by this, as all below
  private boolean over;
  private @Nullable ApiCall call;
  private @Nullable Future<?> deadline;

  ListCall(ApiClient client, String path, DiscoveryContext context) {
    this.client = client;
    this.path = path;
    this.context = context;
  }

  /** The answer, whatever its status; fails where there is none. */
  CompletableFuture<ApiAnswer> answer() {
    return reader.answer();
  }

  /** Called once. */
  void begin() {
    var unused = answer().whenComplete((told, error) -> end());
    client.lists().take(turn);
  }

  /** Gives it up, whether or not it was asked. Safe to call twice. */
  @Override
  public void close() {
    answer().completeExceptionally(new CancellationException());
  }

  /** Runs in the thread of whoever had the turn before. */
  private void turn() {
    if (!takeTurn()) {
      client.lists().giveBack();
      return;
    }
    try {
      context.offloadExecutor().execute(this::ask);
    } catch (RejectedExecutionException nobodyListens) {
      answer().completeExceptionally(nobodyListens);
    }
  }

  private synchronized boolean takeTurn() {
    hasTurn = !over;
    return hasTurn;
  }

  /** May block. */
  private void ask() {
    ApiCall asked = client.get(path, reader);
    synchronized (this) {
      call = asked;
      if (!over) {
        // From now on, and not while it waited for a turn and a thread, the API server is late.
        deadline =
            context
                .scheduler()
                .schedule(this::late, ApiClient.ANSWER_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        return;
      }
    }
    asked.close();
  }

  private void late() {
    String seconds = ApiClient.ANSWER_TIMEOUT.toSeconds() + " s";
    answer().completeExceptionally(ApiFailure.of("no answer within " + seconds));
  }

  private void end() {
    boolean hadTurn;
    ApiCall asked;
    synchronized (this) {
      over = true;
      hadTurn = hasTurn;
      hasTurn = false;
      asked = call;
      if (deadline != null) {
        deadline.cancel(false);
      }
    }
    if (asked != null) {
      asked.close();
    }
    if (hadTurn) {
      client.lists().giveBack();
    } else {
      client.lists().leave(turn);
    }
  }
}
