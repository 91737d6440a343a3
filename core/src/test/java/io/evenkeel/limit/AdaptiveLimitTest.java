package io.evenkeel.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.limit.AdaptiveLimitConfig.Algorithm;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where limits settle beside a modelled server, in virtual time. */
final class AdaptiveLimitTest {
  private static final long MILLI = 1_000_000;

  private final AtomicLong now = new AtomicLong();
  private int changes;

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void limit_serverOfTwenty_settlesNearIt(Algorithm algorithm) {
    Server server = new Server(20, 10 * MILLI);
    AdaptiveLimit limit = limit(algorithm, 5);

    server.serve(limit, 60);

    // It may let a queue stand that keeps the server busy, and not one that doubles latency twice.
    assertThat(limit.limit()).isBetween(16, 60);
    assertThat(changes).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void limit_serverLosesMostOfItsRoom_falls(Algorithm algorithm) {
    Server server = new Server(40, 10 * MILLI);
    AdaptiveLimit limit = limit(algorithm, 20);
    server.serve(limit, 30);
    int before = limit.limit();

    server.room = 5;
    server.serve(limit, 5);

    assertThat(limit.limit()).isLessThan(before);
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void limit_serverIsItselfAgain_grows(Algorithm algorithm) {
    Server server = new Server(5, 10 * MILLI);
    AdaptiveLimit limit = limit(algorithm, 4);
    server.serve(limit, 30);
    int before = limit.limit();

    server.room = 60;
    server.serve(limit, 60);

    assertThat(limit.limit()).isGreaterThan(before);
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void limit_hardlyUsed_staysAsItIs(Algorithm algorithm) {
    AdaptiveLimit limit = limit(algorithm, 20);

    for (int i = 0; i < 10_000; i++) {
      now.addAndGet(MILLI);
      limit.onEnd(3, 10 * MILLI, false);
    }

    assertThat(limit.limit()).isEqualTo(20);
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void limit_whateverHappens_staysWithinItsBounds(Algorithm algorithm) {
    AdaptiveLimit limit =
        new AdaptiveLimit(new AdaptiveLimitConfig(algorithm, 10, 5, 15), now::get, () -> {});

    for (int i = 0; i < 20_000; i++) {
      now.addAndGet(MILLI);
      boolean good = i / 5_000 % 2 == 0;
      limit.onEnd(limit.limit(), good ? MILLI : 500 * MILLI, !good);
      assertThat(limit.limit()).isBetween(5, 15);
    }
  }

  @Test
  void aimd_goodWindow_addsOne() {
    assertThat(window(limit(Algorithm.AIMD, 20), 20, false)).isEqualTo(21);
  }

  @Test
  void aimd_droppedCall_takesATenth() {
    assertThat(window(limit(Algorithm.AIMD, 20), 20, true)).isEqualTo(18);
  }

  /** 100 · 0.8 + (100 · 1 + 4) · 0.2 = 100.8; then 101.6, which is cut to whole calls. */
  @Test
  void gradient_steadyLatency_growsByAPartOfTheQueue() {
    AdaptiveLimit limit = limit(Algorithm.GRADIENT, 100);

    window(limit, 100, false);

    assertThat(window(limit, 100, false)).isEqualTo(101);
  }

  /** About 100 + 10 · 0.8 = 108, then 108 · 0.8 + (108 · 0.5 + 4) · 0.2 = 98. */
  @Test
  void gradient_latencyFourfold_fallsByHalfAsSmoothed() {
    AdaptiveLimit limit = limit(Algorithm.GRADIENT, 100);
    windows(limit, 10, 10 * MILLI);

    windows(limit, 1, 40 * MILLI);

    assertThat(limit.limit()).isBetween(97, 98);
  }

  /** Where half the limit and the queue are the limit: 8 · 0.5 + 4 = 8. */
  @Test
  void gradient_latencyHundredfold_endsAtTwiceTheQueue() {
    AdaptiveLimit limit = limit(Algorithm.GRADIENT, 100);
    windows(limit, 10, 10 * MILLI);

    windows(limit, 100, 1000 * MILLI);

    assertThat(limit.limit()).isEqualTo(8);
  }

  /** The first window is the lowest latency; 20 + 6 · log 20 = 27.8. */
  @Test
  void vegas_noQueue_growsBySixLogarithms() {
    AdaptiveLimit limit = limit(Algorithm.VEGAS, 20);
    windows(limit, 1, 10 * MILLI);
    assertThat(limit.limit()).isEqualTo(20);

    windows(limit, 1, 10 * MILLI);

    assertThat(limit.limit()).isEqualTo(27);
  }

  /** Half of 27.8 calls wait, which are more than 6 · log 27.8; 27.8 - log 27.8 = 26.4. */
  @Test
  void vegas_longQueue_shrinksByALogarithm() {
    AdaptiveLimit limit = limit(Algorithm.VEGAS, 20);
    windows(limit, 2, 10 * MILLI);

    windows(limit, 1, 20 * MILLI);

    assertThat(limit.limit()).isEqualTo(26);
  }

  /** A thread counts an answer after its latency, and another may end the window in between. */
  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void move_answersWithoutTheirLatencies_staysAsItIs(Algorithm algorithm) {
    AdaptiveLimit limit = limit(algorithm, 20);

    limit.move(new LimitRule.Window(0, 20, false));
    assertThat(limit.limit()).isEqualTo(20);
    windows(limit, 3, 10 * MILLI);

    assertThat(limit.limit()).isBetween(20, 60);
  }

  @Test
  void onEnd_shortOfAWindow_movesNothing() {
    AdaptiveLimit limit = limit(Algorithm.AIMD, 20);

    for (int i = 0; i < 1_000; i++) {
      limit.onEnd(20, MILLI, false);
    }

    assertThat(limit.limit()).isEqualTo(20);
  }

  @Test
  void onEnd_manyThreads_movesOncePerWindow() throws Exception {
    AdaptiveLimit limit = limit(Algorithm.AIMD, 20);
    now.addAndGet(AdaptiveLimit.WINDOW_MILLIS * MILLI);
    CountDownLatch done = new CountDownLatch(4);
    for (int i = 0; i < 4; i++) {
      new Thread(
              () -> {
                for (int call = 0; call < 10_000; call++) {
                  limit.onEnd(20, MILLI, false);
                }
                done.countDown();
              })
          .start();
    }
    done.await();

    assertThat(limit.limit()).isEqualTo(21);
  }

  @Test
  void parse_unknownAlgorithm_namesThoseThereAre() {
    ConfigReader reader =
        new ConfigReader("evenkeel", Map.of("adaptiveLimit", Map.of("algorithm", "gradient2")));

    assertThatThrownBy(() -> AdaptiveLimitConfig.parse(reader))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("evenkeel.adaptiveLimit.algorithm")
        .hasMessageContaining("gradient, aimd or vegas");
  }

  @Test
  void parse_absentOrEmpty_isOffOrTheDefault() {
    assertThat(AdaptiveLimitConfig.parse(new ConfigReader("evenkeel", Map.of()))).isEmpty();
    assertThat(
            AdaptiveLimitConfig.parse(
                new ConfigReader("evenkeel", Map.of("adaptiveLimit", Map.of()))))
        .contains(new AdaptiveLimitConfig(Algorithm.GRADIENT, 20, 1, 1000));
  }

  private AdaptiveLimit limit(Algorithm algorithm, int initial) {
    return new AdaptiveLimit(
        new AdaptiveLimitConfig(algorithm, initial, 1, 1000), now::get, () -> changes++);
  }

  /** So many windows of a limit that is used up. */
  private void windows(AdaptiveLimit limit, int count, long latencyNanos) {
    for (int i = 0; i < count; i++) {
      now.addAndGet(AdaptiveLimit.WINDOW_MILLIS * MILLI);
      for (int answer = 0; answer < AdaptiveLimit.ENOUGH; answer++) {
        limit.onEnd(limit.limit(), latencyNanos, false);
      }
    }
  }

  private int window(AdaptiveLimit limit, int inFlight, boolean dropped) {
    now.addAndGet(AdaptiveLimit.WINDOW_MILLIS * MILLI);
    for (int i = 0; i < AdaptiveLimit.ENOUGH; i++) {
      limit.onEnd(inFlight, 10 * MILLI, dropped);
    }
    return limit.limit();
  }

  /**
   * A server that works on a number of calls at once; the rest waits, and what would wait longer
   * than twice the work is refused. Its clients always have as many calls as they may.
   */
  private final class Server {
    private final long workNanos;
    int room;

    Server(int room, long workNanos) {
      this.room = room;
      this.workNanos = workNanos;
    }

    void serve(AdaptiveLimit limit, int seconds) {
      long end = now.get() + seconds * 1000L * MILLI;
      PriorityQueue<Long> free = new PriorityQueue<>(); // when each of its workers is free
      for (int i = 0; i < room; i++) {
        free.add(now.get());
      }
      PriorityQueue<long[]> running =
          new PriorityQueue<>((left, right) -> Long.compare(left[0], right[0]));
      while (now.get() < end) {
        while (running.size() < limit.limit()) {
          running.add(start(free, running.size() + 1));
        }
        long[] ended = running.remove();
        now.set(Math.max(now.get(), ended[0]));
        limit.onEnd((int) ended[2], now.get() - ended[1], ended[3] == 1);
      }
    }

    /** When it ends, when it has started, calls in flight, whether it is refused. */
    private long[] start(PriorityQueue<Long> free, int inFlight) {
      long begins = Math.max(now.get(), free.remove());
      boolean refused = begins - now.get() > 2 * workNanos;
      long ends = refused ? now.get() + MILLI : begins + workNanos;
      free.add(refused ? begins : ends);
      return new long[] {ends, now.get(), inFlight, refused ? 1 : 0};
    }
  }
}
