package io.evenkeel.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many further attempts a channel may make, in virtual time. */
final class RetryBudgetTest {
  private static final long SECOND = 1_000_000_000;
  private static final int PER_SECOND = 500;

  private final AtomicLong attempts = new AtomicLong();
  private final AtomicLong now = new AtomicLong();
  private final RetryBudget budget = budget(20, 10);

  @Test
  void available_quietClient_mayRetryTenTimesASecond() {
    assertThat(spendAll()).isEqualTo(10);
    now.addAndGet(2 * SECOND);
    assertThat(spendAll()).isEqualTo(10);
  }

  @Test
  void available_afterManyCalls_isAFifthOfThoseOfTheLastSecond() {
    for (int i = 0; i < 100; i++) {
      attempts.addAndGet(50);
      now.addAndGet(SECOND / 10);
      assertThat(budget.available()).isTrue();
    }

    assertThat(spendAll()).isEqualTo(110);
  }

  @Test
  void available_longerWindow_isAFifthOfTheCallsOfIt() {
    RetryBudget patient = budget(new RetryBudgetConfig(20, 10, Duration.ofSeconds(60)));
    attempts.set(3_600 * 100);
    now.set(3_600 * SECOND);

    assertThat(spendAll(patient)).isEqualTo(60 * (20 + 10));
  }

  @Test
  void available_askedAgain_spendsNothing() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(budget.available()).isTrue();
    }
  }

  @Test
  void available_firstAskedAfterAnHour_takesTheAverageOfIt() {
    attempts.set(3_600 * 100);
    now.set(3_600 * SECOND);

    assertThat(spendAll()).isEqualTo(30); // a fifth of a second at 100, and the floor
  }

  @Test
  void available_endpointsLeaveWithTheirAttempts_isTheFloorAtLeast() {
    attempts.set(1_000);
    now.addAndGet(SECOND);
    budget.available();
    attempts.set(0);
    now.addAndGet(20 * SECOND);

    assertThat(spendAll()).isEqualTo(10);
  }

  /** Few calls, each tried again as often as it may be: what they earn is less than an attempt. */
  @Test
  void available_callsAreRare_isTheirPartInTheLongRun() {
    RetryBudget bare = budget(20, 0);
    int further = 0;
    for (int call = 0; call < 100; call++) {
      attempts.incrementAndGet();
      now.addAndGet(2 * SECOND);
      further += spendAll(bare);
    }

    assertThat(further).isBetween(16, 20);
  }

  @Test
  void available_noBudgetAtAll_isNever() {
    assertThat(budget(0, 0).available()).isFalse();
  }

  @Test
  void reconfigure_always_countsWhatIsSpent() {
    spendAll();

    budget.reconfigure(config(0, 20));

    assertThat(spendAll()).isEqualTo(10);
  }

  @Test
  void reconfigure_toNothing_allowsNothingAtOnce() {
    budget.reconfigure(config(0, 0));

    assertThat(budget.available()).isFalse();
  }

  @Test
  void reconfigure_toAShorterWindow_allowsWhatThatHasEarned() {
    RetryBudget shrinking = budget(new RetryBudgetConfig(20, 10, Duration.ofSeconds(60)));
    attempts.set(600 * 100);
    now.set(600 * SECOND);

    shrinking.reconfigure(config(20, 10));

    assertThat(spendAll(shrinking)).isEqualTo(30);
  }

  @Test
  void reconfigure_toALongerWindow_earnsItAsTimePasses() {
    attempts.set(600 * 100);
    now.set(600 * SECOND);

    budget.reconfigure(new RetryBudgetConfig(20, 0, Duration.ofSeconds(10)));

    assertThat(spendAll()).isEqualTo(20);
  }

  @Test
  void available_clockWraps_goesOn() {
    now.set(Long.MAX_VALUE - SECOND);
    RetryBudget wrapping = budget(0, 10);
    now.addAndGet(20 * SECOND); // beyond the largest number

    assertThat(wrapping.available()).isTrue();
  }

  /**
   * Nobody has retried for a minute when every attempt begins to fail, and gRPC would make up to
   * five of each call. Ten a second, the floor, are 2 % of these calls.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void amplification_outageAfterGoodTimes_isAtMostAQuarterFromTheFirstSecondOn(long seed) {
    Random random = new Random(seed);
    long began = 60 * SECOND + random.nextLong(SECOND);
    attempts.set(began * PER_SECOND / SECOND);
    now.set(began);
    int calls = 0;
    int further = 0;
    while (now.get() - began < 20 * SECOND) {
      now.addAndGet(SECOND / PER_SECOND);
      attempts.incrementAndGet();
      calls++;
      further += spendUpTo(4);
      if (now.get() - began >= SECOND) {
        assertThat(further)
            .as("%d calls after the outage began", calls)
            .isLessThanOrEqualTo(calls / 4);
      }
    }

    assertThat((double) further / calls).isBetween(0.20, 0.22);
  }

  /** Failing and well by turns, at random times: no second of it may bring more. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void amplification_anySecond_isAtMostAQuarter(long seed) {
    Random random = new Random(seed);
    Deque<Long> callTimes = new ArrayDeque<>();
    Deque<Long> furtherTimes = new ArrayDeque<>();
    boolean failing = false;
    for (int call = 0; call < 120 * PER_SECOND; call++) {
      failing = random.nextInt(PER_SECOND / 2) == 0 ? !failing : failing;
      now.addAndGet(SECOND / PER_SECOND);
      attempts.incrementAndGet();
      callTimes.add(now.get());
      for (int further = failing ? spendUpTo(4) : 0; further > 0; further--) {
        furtherTimes.add(now.get());
      }
      forget(callTimes, now.get() - SECOND);
      forget(furtherTimes, now.get() - SECOND);
      assertThat(furtherTimes.size()).isLessThanOrEqualTo(PER_SECOND / 4);
    }

    assertThat(callTimes).hasSize(PER_SECOND);
  }

  /** What one outage has cost is earned anew when the next one comes. */
  @Test
  void available_afterAnOutage_comesBackWithinTwoWindows() {
    attempts.set(60 * PER_SECOND);
    now.set(60 * SECOND);
    assertThat(spendAll()).isEqualTo(110);

    attempts.addAndGet(2 * PER_SECOND);
    now.addAndGet(2 * SECOND);

    assertThat(spendAll()).isBetween(100, 110);
  }

  @Test
  void spend_fourThreads_isExceededByNoMoreThanTheyAre() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicLong spent = new AtomicLong();
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          new Thread(
              () -> {
                try {
                  go.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                while (budget.available()) {
                  budget.spend();
                  spent.incrementAndGet();
                }
              });
      threads[i].start();
    }

    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(spent.get()).isBetween(10L, 10L + threads.length);
  }

  @Test
  void parse_nothing_isAFifthAndTenASecondWithinOneSecond() {
    assertThat(parse(Map.of())).isEqualTo(config(20, 10));
  }

  @Test
  void parse_window_isTaken() {
    assertThat(parse(Map.of("window", "10s")).window()).isEqualTo(Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @CsvSource({"percent, -1", "minPerSecond, -1", "window, 0.5s", "window, 61s", "window, 10"})
  void parse_outOfRange_namesTheField(String field, String value) {
    assertThatThrownBy(() -> parse(Map.of(field, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("evenkeel.retryBudget." + field);
  }

  private static RetryBudgetConfig parse(Map<String, ?> fields) {
    return RetryBudgetConfig.parse(new ConfigReader("evenkeel", Map.of("retryBudget", fields)));
  }

  private static RetryBudgetConfig config(int percent, int minPerSecond) {
    return new RetryBudgetConfig(percent, minPerSecond, Duration.ofSeconds(1));
  }

  private RetryBudget budget(int percent, int minPerSecond) {
    return budget(config(percent, minPerSecond));
  }

  private RetryBudget budget(RetryBudgetConfig config) {
    return new RetryBudget(config, attempts::get, now::get);
  }

  private static void forget(Deque<Long> times, long until) {
    while (!times.isEmpty() && times.peek() <= until) {
      times.remove();
    }
  }

  private int spendAll() {
    return spendAll(budget);
  }

  private int spendAll(RetryBudget spent) {
    return spendUpTo(Integer.MAX_VALUE, spent);
  }

  private int spendUpTo(int most) {
    return spendUpTo(most, budget);
  }

  private int spendUpTo(int most, RetryBudget from) {
    int spent = 0;
    while (spent < most && from.available()) {
      from.spend();
      attempts.incrementAndGet();
      spent++;
    }
    return spent;
  }
}
