package io.evenkeel.discovery.kubernetes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads an answer to its end. */
final class ListReader implements ApiClient.Reader {
  private final CompletableFuture<ApiAnswer> answer = new CompletableFuture<>();
  private final BoundedAnswer body = new BoundedAnswer();
  private int status;
  private Duration retryAfter = Duration.ZERO;

  /** The answer, whatever its status; fails where there is none. */
  CompletableFuture<ApiAnswer> answer() {
    return answer;
  }

  @Override
  public void onStatus(int status, Duration retryAfter) {
    this.status = status;
    this.retryAfter = retryAfter;
  }

  @Override
  public void onBytes(ByteBuffer bytes) throws IOException {
    body.add(bytes);
  }

  @Override
  public void onEnd(@Nullable Throwable error) {
    if (error == null) {
      answer.complete(new ApiAnswer(status, retryAfter, body.take()));
    } else {
      answer.completeExceptionally(error);
    }
  }
}
