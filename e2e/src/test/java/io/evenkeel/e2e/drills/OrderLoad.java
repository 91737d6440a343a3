package io.evenkeel.e2e.drills;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.evenkeel.demo.order.GetOrderRequest;
import io.evenkeel.demo.order.GetOrderResponse;
import io.evenkeel.demo.order.OrderServiceGrpc;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * Calls to the order service at a steady rate, whatever the answers do, and what came of them.
 * Thread-safe.
 */
final class OrderLoad implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final OrderServiceGrpc.OrderServiceFutureStub orders;
  private final Duration deadline;
  private final ScheduledExecutorService pacer = Executors.newSingleThreadScheduledExecutor();
  private final List<Status> failures = new ArrayList<>(); // guarded by this
  private final List<Status> retriableFailures = new ArrayList<>(); // guarded by this
  private Map<String, Integer> servedBy = new HashMap<>(); // guarded by this; since the last mark
  private int started; // guarded by this
  private int ended; // guarded by this
  private int failedBefore; // guarded by this; before the last mark

  private final ScheduledFuture<?> pacing;

  private OrderLoad(Channel channel, int perSecond, Duration deadline) {
    this.orders = OrderServiceGrpc.newFutureStub(channel);
    this.deadline = deadline;
    this.pacing =
        pacer.scheduleAtFixedRate(this::call, 0, 1_000_000_000L / perSecond, TimeUnit.NANOSECONDS);
  }

  /** Starts {@code perSecond} calls a second, each with {@code deadline}. */
  static OrderLoad start(Channel channel, int perSecond, Duration deadline) {
    return new OrderLoad(channel, perSecond, deadline);
  }

  /** Waits until {@code more} further calls have ended. */
  synchronized OrderLoad awaitCalls(int more) {
    int goal = ended + more;
    await(() -> ended >= goal, more + " further calls");
    return this;
  }

  /**
   * Waits until {@code more} further calls have started: as their rate is steady, for a time that
   * no answer makes longer.
   */
  synchronized OrderLoad awaitStarts(int more) {
    int goal = started + more;
    await(() -> started >= goal, "the start of " + more + " further calls");
    return this;
  }

  /** Waits until {@code instance} has served a call since the last mark. */
  synchronized OrderLoad awaitServedBy(String instance) {
    await(() -> servedBy.containsKey(instance), "a call served by " + instance);
    return this;
  }

  /** Starts the count of who served how many anew. */
  synchronized OrderLoad mark() {
    servedBy = new HashMap<>();
    failedBefore = failures.size();
    return this;
  }

  /** The part of the calls that ended since the last mark which were answered, 0 to 1. */
  synchronized double answeredShare() {
    int answered = servedBy.values().stream().mapToInt(Integer::intValue).sum();
    return (double) answered / (answered + failures.size() - failedBefore);
  }

  synchronized Map<String, Integer> servedBy() {
    return Map.copyOf(servedBy);
  }

  synchronized List<Status> failures() {
    return List.copyOf(failures);
  }

  /**
   * The failures without the calls whose answer had begun, which gRPC tries nowhere again (gRFC
   * A6). For drills that kill a server; prints how many are left out.
   */
  synchronized List<Status> retriableFailures() {
    int cutShort = failures.size() - retriableFailures.size();
    if (cutShort > 0) {
      System.out.printf("%d of %d calls were lost in the middle of the answer%n", cutShort, ended);
    }
    return List.copyOf(retriableFailures);
  }

  /** Starts no further call and waits for those that run. */
  synchronized OrderLoad stop() {
    pacing.cancel(false);
    pacer.shutdown();
    await(() -> ended == started, "the end of the calls that run");
    return this;
  }

  @Override
  public void close() {
    pacer.shutdownNow();
  }

  private void call() {
    started();
    GetOrderRequest request = GetOrderRequest.newBuilder().setId("1").build();
    AtomicReference<Metadata> headers = new AtomicReference<>();
    Futures.addCallback(
        orders
            .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
            .withInterceptors(
                MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
            .getOrder(request),
        new FutureCallback<GetOrderResponse>() {
          @Override
          public void onSuccess(GetOrderResponse response) {
            succeeded(response.getServedBy());
          }

          @Override
          public void onFailure(Throwable thrown) {
            failed(Status.fromThrowable(thrown), headers.get() != null);
          }
        },
        MoreExecutors.directExecutor());
  }

  private synchronized void succeeded(String instance) {
    servedBy.merge(instance, 1, Integer::sum);
    ended++;
    notifyAll();
  }

  private synchronized void started() {
    started++;
    notifyAll();
  }

  private synchronized void failed(Status status, boolean answerHadBegun) {
    failures.add(status);
    if (!answerHadBegun) {
      retriableFailures.add(status);
    }
    ended++;
    notifyAll();
  }

  private synchronized void await(BooleanSupplier condition, String what) {
    long startNanos = System.nanoTime();
    try {
      while (!condition.getAsBoolean()) {
        long leftMillis = PATIENCE.toMillis() - (System.nanoTime() - startNanos) / 1_000_000;
        if (leftMillis <= 0) {
          throw new AssertionError(
              what + " did not come; served: " + servedBy + ", failed: " + failures);
        }
        wait(leftMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
