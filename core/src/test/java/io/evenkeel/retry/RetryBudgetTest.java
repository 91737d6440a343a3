package io.evenkeel.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many further attempts a channel may make, in virtual time. */
final class RetryBudgetTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong attempts = new AtomicLong();
  private final AtomicLong now = new AtomicLong();
  private final RetryBudget budget = budget(20, 10);

  @Test
  void available_quietClient_mayRetryTenTimesASecond() {
    assertThat(spendAll()).isEqualTo(100);
    now.addAndGet(10 * SECOND);
    assertThat(spendAll()).isEqualTo(100);
  }

  @Test
  void available_afterManyCalls_isAFifthOfThem() {
    for (int i = 0; i < 100; i++) {
      attempts.addAndGet(50);
      now.addAndGet(SECOND / 10);
      assertThat(budget.available()).isTrue();
    }

    assertThat(spendAll()).isBetween(1000, 1100);
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

    assertThat(spendAll()).isBetween(299, 301); // a fifth of ten seconds at 100, and the floor
  }

  @Test
  void available_endpointsLeaveWithTheirAttempts_isTheFloorAtLeast() {
    attempts.set(1_000);
    now.addAndGet(SECOND);
    budget.available();
    attempts.set(0);
    now.addAndGet(20 * SECOND);

    assertThat(spendAll()).isEqualTo(100);
  }

  @Test
  void available_noBudgetAtAll_isNever() {
    assertThat(budget(0, 0).available()).isFalse();
  }

  @Test
  void reconfigure_always_countsWhatIsSpent() {
    spendAll();

    budget.reconfigure(new RetryBudgetConfig(0, 20));

    assertThat(spendAll()).isEqualTo(100);
  }

  @Test
  void available_clockWraps_goesOn() {
    now.set(Long.MAX_VALUE - SECOND);
    RetryBudget wrapping = budget(0, 10);
    now.addAndGet(20 * SECOND);

    assertThat(wrapping.available()).isTrue();
  }

  /** Every attempt fails, and gRPC would make up to five of each call. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void amplification_everythingFails_isAtMostAQuarter(long seed) {
    Random random = new Random(seed);
    Deque<Long> times = new ArrayDeque<>(); // of further attempts
    long calls = 0;
    long all = 0;
    for (int call = 0; call < 500 * 60; call++) {
      now.addAndGet((long) (2 * random.nextDouble() * SECOND / 500));
      calls++;
      all++;
      attempts.incrementAndGet();
      for (int retry = 0; retry < 4 && budget.available(); retry++) {
        budget.spend();
        attempts.incrementAndGet();
        all++;
        times.add(now.get());
      }
      while (!times.isEmpty() && now.get() - times.peek() > 9 * SECOND) {
        times.remove();
      }
      assertThat(times.size()).isLessThan(1_250);
    }

    assertThat((double) all / calls).isBetween(1.15, 1.25);
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

    assertThat(spent.get()).isBetween(100L, 100L + threads.length);
  }

  @Test
  void parse_outOfRange_namesTheField() {
    Assertions.assertThatThrownBy(
            () ->
                RetryBudgetConfig.parse(
                    new ConfigReader("evenkeel", Map.of("retryBudget", Map.of("percent", -1)))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("evenkeel.retryBudget.percent");
  }

  private RetryBudget budget(int percent, int minPerSecond) {
    return new RetryBudget(new RetryBudgetConfig(percent, minPerSecond), attempts::get, now::get);
  }

  private int spendAll() {
    int spent = 0;
    while (budget.available()) {
      budget.spend();
      attempts.incrementAndGet();
      spent++;
    }
    return spent;
  }
}
