package io.evenkeel.discovery;

import static io.evenkeel.discovery.ResolverHarness.setOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.discovery.SupervisorHarness.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SupervisorsTest {
  private final SupervisorHarness harness = new SupervisorHarness();
  private final LogRecorder log = new LogRecorder();

  @AfterEach
  void stopRecording() {
    log.close();
  }

  @Test
  void watch_twoOfOneTarget_shareOneDiscovery() {
    harness.answer = setOf(1);

    Told first = harness.watch("");
    Told second = harness.watch("");

    assertThat(harness.opened).hasSize(1);
    assertThat(second.list()).isEqualTo(first.list()).isEqualTo(setOf(1).endpoints());
  }

  @Test
  void watch_otherParameters_isAnotherDiscovery() {
    harness.watch("");
    harness.watch("?maxDrop=10%25");

    assertThat(harness.opened).hasSize(2);
  }

  @Test
  void watch_otherCredentialsSet_isAnotherDiscovery() {
    harness.watch("");
    RegistryCredentials.set("test", RegistryCredentials.builder().build());
    try {
      harness.watch("");
      harness.watch("");
    } finally {
      RegistryCredentials.unset("test");
    }

    assertThat(harness.opened).hasSize(2);
  }

  @Test
  void watch_secondWhileTheFirstHasFailed_isToldTheFailure() {
    harness.watch("");
    harness.newest().fail("registry is down");

    Told second = harness.watch("");

    assertThat(second.why()).isEqualTo("target \"test:///orders\": registry is down");
  }

  @Test
  void close_oneOfTwo_leavesTheOther() {
    harness.answer = setOf(1);
    Told first = harness.watch("");
    Told second = harness.watch("");

    first.close();
    first.close();
    harness.newest().say(setOf(1, 2));
    harness.pass(SupervisorConfig.DEFAULT.debounce());

    assertThat(second.list()).isEqualTo(setOf(1, 2).endpoints());
    assertThat(first.list()).isEqualTo(setOf(1).endpoints());
    assertThat(harness.newest().closes).isZero();
  }

  @Test
  void close_lastWithAList_lingersThenLeavesNothing() {
    harness.answer = setOf(1);
    harness.watch("").close();
    int atOnce = harness.newest().closes;

    harness.pass(Supervisors.LINGER);

    assertThat(atOnce).isZero();
    assertThat(harness.newest().closes).isEqualTo(1);
    assertThat(harness.supervisors.size()).isZero();
    assertThat(harness.clock.waiting()).isZero();
  }

  @Test
  void close_lastWithoutAList_leavesNothingAtOnce() {
    harness.watch("").close();

    assertThat(harness.newest().closes).isEqualTo(1);
    assertThat(harness.supervisors.size()).isZero();
    assertThat(harness.clock.waiting()).isZero();
  }

  @Test
  void watch_whileOneLingers_hasItsListAtOnce() {
    harness.answer = setOf(1);
    harness.watch("").close();

    Told again = harness.watch("");
    harness.pass(Supervisors.LINGER.multipliedBy(2));

    assertThat(again.list()).isEqualTo(setOf(1).endpoints());
    assertThat(harness.opened).hasSize(1);
    assertThat(harness.newest().closes).isZero();
  }

  @Test
  void watch_afterTheLinger_beginsAnew() {
    harness.answer = setOf(1);
    harness.watch("").close();
    harness.pass(Supervisors.LINGER);

    harness.watch("");

    assertThat(harness.opened).hasSize(2);
  }

  @Test
  void tell_listenerThrows_harmsNobody() {
    Told first = harness.watch("");
    Told second = harness.watch("");
    first.failure = new IllegalStateException("listener");

    harness.newest().say(setOf(1));
    harness.newest().say(setOf(1, 2));
    harness.pass(SupervisorConfig.DEFAULT.debounce());

    assertThat(first.views).hasSize(2);
    assertThat(second.list()).isEqualTo(setOf(1, 2).endpoints());
  }

  @Test
  void close_lastAndThenTheServersLeave_warnsNobody() {
    harness.answer = setOf(1, 2, 3, 4);
    harness.watch("").close();

    harness.newest().say(setOf(1));
    harness.newest().say(setOf());

    assertThat(log.warnings).isEmpty();
  }

  @Test
  void watch_ofOneThatLingersWithAProblem_isWarnedOnce() {
    harness.answer = setOf(1);
    harness.watch("").close();
    harness.newest().fail("registry is down");

    harness.watch("");
    harness.watch("");

    assertThat(log.warnings)
        .containsExactly("target \"test:///orders\": registry is down (keeping 1 known endpoint)");
  }

  /** Keeps what supervisors warn of, from the start of a test to its end. */
  private static final class LogRecorder extends Handler {
    private final Logger logger = Logger.getLogger(Supervisor.class.getName());
    final List<String> warnings = new ArrayList<>();

    LogRecorder() {
      setLevel(Level.WARNING);
      logger.setLevel(Level.WARNING);
      logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord message) {
      if (isLoggable(message)) {
        warnings.add(message.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
      logger.setLevel(null);
    }
  }
}
