package io.evenkeel.limit;

import io.evenkeel.limit.LimitRule.Window;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * The limit of one endpoint. Answers are gathered in windows of {@value #WINDOW_MILLIS} ms and
 * {@value #ENOUGH} answers at least; the thread that ends a window moves the limit. A limit that is
 * not used is not moved: what the endpoint could bear nobody has seen.
 *
 * <p>Thread-safe and without a lock: an answer costs three atomic additions at most. One that comes
 * while a window ends may count in either.
 */
public final class AdaptiveLimit {
  static final int WINDOW_MILLIS = 100;
  static final int ENOUGH = 10;

  private static final long WINDOW_NANOS = WINDOW_MILLIS * 1_000_000L;
  private static final VarHandle ANSWERS = handle("answers", int.class);
  private static final VarHandle DROPPED = handle("dropped", int.class);
  private static final VarHandle NANOS = handle("nanos", long.class);

  private final AdaptiveLimitConfig config;
  private final LimitRule rule;
  private final LongSupplier nanoTime;
  private final Runnable onChange;
  private final AtomicBoolean moving = new AtomicBoolean();
  private double exact; // by the thread that moves it
  private volatile int limit;
  private volatile long windowNanos; // when the window began

  @SuppressWarnings("UnusedVariable") // written through ANSWERS
  private volatile int answers;

  @SuppressWarnings("UnusedVariable") // written through NANOS
  private volatile long nanos;

  private volatile int inFlight;

  @SuppressWarnings("UnusedVariable") // written through DROPPED
  private volatile int dropped;

  /**
   * The limit of an endpoint of which nothing is known.
   *
   * @param nanoTime the clock, as {@link System#nanoTime}
   * @param onChange runs when {@link #limit} has changed, on the thread of a call
   */
  public AdaptiveLimit(AdaptiveLimitConfig config, LongSupplier nanoTime, Runnable onChange) {
    this.config = config;
    this.nanoTime = nanoTime;
    this.onChange = onChange;
    this.limit = config.initial();
    this.exact = config.initial();
    this.windowNanos = nanoTime.getAsLong();
    this.rule =
        switch (config.algorithm()) {
          case GRADIENT -> new GradientRule();
          case AIMD -> new AimdRule();
          case VEGAS -> new VegasRule();
        };
  }

  /** By what it is learnt. */
  public AdaptiveLimitConfig config() {
    return config;
  }

  /** How many calls the endpoint may have in flight now. */
  public int limit() {
    return limit;
  }

  /**
   * A call has ended.
   *
   * @param inFlightAtStart calls that were in flight when it started, itself included
   * @param latencyNanos how long it took
   * @param dropped whether it was refused or timed out, as calls are where there is too much to do
   */
  public void onEnd(int inFlightAtStart, long latencyNanos, boolean dropped) {
    if (inFlightAtStart > inFlight) {
      inFlight = inFlightAtStart;
    }
    if (dropped) {
      DROPPED.getAndAdd(this, 1);
    } else {
      NANOS.getAndAdd(this, Math.max(1, latencyNanos));
    }
    int count = (int) ANSWERS.getAndAdd(this, 1) + 1;
    if (count >= ENOUGH) {
      endWindow();
    }
  }

  private void endWindow() {
    long now = nanoTime.getAsLong();
    if (now - windowNanos < WINDOW_NANOS || !moving.compareAndSet(false, true)) {
      return;
    }
    try {
      if (now - windowNanos >= WINDOW_NANOS) {
        windowNanos = now;
        move(take());
      }
    } finally {
      moving.set(false);
    }
  }

  private Window take() {
    int count = (int) ANSWERS.getAndSet(this, 0);
    int refused = (int) DROPPED.getAndSet(this, 0);
    double sum = (double) (long) NANOS.getAndSet(this, 0L);
    Window window = new Window(sum / Math.max(1, count - refused), inFlight, refused > 0);
    inFlight = 0;
    return window;
  }

  /** Moves the limit. One thread at a time. */
  void move(Window window) {
    if (!window.measured()) {
      return;
    }
    double next = rule.next(exact, window);
    exact = Math.max(config.min(), Math.min(config.max(), next));
    int rounded = (int) exact;
    if (rounded != limit) {
      limit = rounded;
      onChange.run();
    }
  }

  private static VarHandle handle(String field, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(AdaptiveLimit.class, field, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
