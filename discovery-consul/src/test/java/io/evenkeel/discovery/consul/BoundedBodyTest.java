package io.evenkeel.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow.Subscription;
import org.junit.jupiter.api.Test;

class BoundedBodyTest {
  private final BoundedBody body = new BoundedBody(4);
  private boolean cancelled;

  @Test
  void onNext_upToTheBound_isCollected() {
    subscribe();

    body.onNext(List.of(ByteBuffer.wrap(new byte[] {1, 2}), ByteBuffer.wrap(new byte[] {3, 4})));
    body.onComplete();

    assertThat(body.getBody().toCompletableFuture().join()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void onNext_beyondTheBound_endsTheAnswer() {
    subscribe();

    body.onNext(List.of(ByteBuffer.wrap(new byte[5])));

    assertThat(cancelled).isTrue();
    assertThat(body.getBody().toCompletableFuture()).isCompletedExceptionally();
  }

  private void subscribe() {
    body.onSubscribe(
        new Subscription() {
          @Override
          public void request(long n) {}

          @Override
          public void cancel() {
            cancelled = true;
          }
        });
  }
}
