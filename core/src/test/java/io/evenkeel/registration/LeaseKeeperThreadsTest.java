package io.evenkeel.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Endpoint;
import io.evenkeel.registration.LeaseKeeper.Timing;
import io.evenkeel.registration.RegistrationRules.Reach;
import io.evenkeel.testkit.Leftovers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A registry that takes a call and never answers it. */
@Timeout(240)
class LeaseKeeperThreadsTest {
  private static final Endpoint INSTANCE =
      Endpoint.of(InetSocketAddress.createUnresolved("host", 80)).withId("a");

  private final Leftovers before = Leftovers.now();
  private final HangingStore store = new HangingStore();
  private final Timing system = Timing.system("hanging-lease");
  private final LeaseKeeper keeper =
      new LeaseKeeper(
          store,
          Reach.NETWORK,
          new Timing(system.loops(), system.ticker(), system.random(), Duration.ofMillis(200)));

  @AfterEach
  void leaveNoThread() throws Exception {
    keeper.close();
    before.awaitNoMore("hanging-lease", Duration.ofSeconds(10));
  }

  @Test
  void register_noAnswer_throwsWithinTheBound() {
    store.hangs = true;

    assertThatThrownBy(() -> keeper.register("orders", INSTANCE))
        .isInstanceOf(RegistrationException.class)
        .hasMessage("nowhere: instance \"a\" of service \"orders\": no answer within 200 ms");
  }

  @Test
  void register_answerAfterTheBound_isReleased() throws Exception {
    store.hangs = true;
    assertThatThrownBy(() -> keeper.register("orders", INSTANCE))
        .isInstanceOf(RegistrationException.class);

    store.answer.countDown();

    assertThat(store.released.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void close_registrationWithoutAnswer_returnsWithinTheBound() throws Exception {
    Registration registration = keeper.register("orders", INSTANCE);
    store.hangs = true;

    registration.close();

    assertThat(store.released.getCount()).isEqualTo(1);
  }

  @Test
  void close_keeperWithoutAnswer_returnsWithinTheBoundAndEndsItsThread() throws Exception {
    keeper.register("orders", INSTANCE);
    store.hangs = true;

    keeper.close();

    assertThat(store.released.getCount()).isEqualTo(1);
  }

  private static final class HangingStore implements LeaseStore, Lease {
    private final CountDownLatch answer = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean hangs;

    private void answer() throws RegistrationException {
      if (!hangs) {
        return;
      }
      try {
        answer.await();
      } catch (InterruptedException e) {
        throw new RegistrationException("interrupted", e);
      }
    }

    @Override
    public Duration ttl() {
      return Duration.ofMinutes(1);
    }

    @Override
    public Lease grant(String service, String id) throws RegistrationException {
      answer();
      return this;
    }

    @Override
    public State renew() throws RegistrationException {
      answer();
      return State.ALIVE;
    }

    @Override
    public Standing look(Endpoint endpoint) throws RegistrationException {
      answer();
      return Standing.AS_WRITTEN;
    }

    @Override
    public void write(Endpoint endpoint, Claim claim) throws RegistrationException {
      answer();
    }

    @Override
    public void release() throws RegistrationException {
      answer();
      released.countDown();
    }

    @Override
    public String toString() {
      return "nowhere";
    }
  }
}
