package io.evenkeel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.Endpoint;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.Registrars;
import io.evenkeel.registration.Registration;
import io.evenkeel.registration.RegistrationException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every registry owes those who register. To prove one, extend this in a test class; each test
 * gets a registry without instances.
 */
public abstract class RegistrationContract {
  /** Far longer than any registry should take; only a failing test waits for it. */
  protected static final Duration BOUND = Duration.ofSeconds(60);

  /** The service most tests register. */
  protected static final String SERVICE = "orders";

  private static final AtomicInteger tests = new AtomicInteger();

  /** A name that no other test has, for those that share a registry. */
  protected final String testName = "test-" + tests.incrementAndGet();

  private final List<Registrar> opened = new ArrayList<>();

  /** The registry, with the shortest TTL it allows. */
  protected abstract URI registry();

  /** How long an instance may stay listed after its process was killed. */
  protected abstract Duration ttl();

  /** So long that whoever holds an instance has renewed it and looked at it since. */
  private Duration untilLookedAt() {
    return ttl().plus(ttl().dividedBy(2));
  }

  /** Removes an instance behind its registrar's back, as a registry that lost its data does. */
  protected abstract void lose(String service, String id) throws Exception;

  /** Part of the names of all threads that a registrar starts. */
  protected abstract String threadName();

  @AfterEach
  void closeRegistrars() {
    opened.forEach(Registrar::close);
  }

  @Test
  void register_oneInstance_isListedByEverybody() throws Exception {
    open().register(SERVICE, instance("a", 1));

    assertThat(open().instances(SERVICE)).containsExactly(instance("a", 1));
  }

  @Test
  void register_everyFieldSet_survives() throws Exception {
    Endpoint full =
        new Endpoint("a", instance("a", 1).addresses(), 9, "z1", 2, Map.of("version", "1.2"));

    Registration registration = open().register(SERVICE, full);

    assertThat(open().instances(SERVICE)).containsExactly(full);
    assertThat(registration.endpoint()).isEqualTo(full);
  }

  @Test
  void register_sameIdAgain_replaces() throws Exception {
    Registrar registrar = open();
    registrar.register(SERVICE, instance("a", 1));

    registrar.register(SERVICE, instance("a", 2));

    assertThat(registrar.instances(SERVICE)).containsExactly(instance("a", 2));
  }

  @Test
  void register_idOfAnotherRegistrar_replacesForGood() throws Exception {
    open().register(SERVICE, instance("a", 1));

    open().register(SERVICE, instance("a", 2));

    List<Endpoint> taken = List.of(instance("a", 2));
    Registrar observer = open();
    Await.always(untilLookedAt(), () -> observer.instances(SERVICE), taken::equals);
  }

  @Test
  void register_idsThatLookAlike_areDifferentInstances() throws Exception {
    Registrar registrar = open();
    List<String> ids = List.of("..", "/", "A", "a", "a%2Fb", "a/b", "a b", "service-config", "ä");

    int port = 1;
    for (String id : ids) {
      registrar.register(SERVICE, instance(id, port++));
    }

    assertThat(open().instances(SERVICE))
        .extracting(Endpoint::id)
        .containsExactlyInAnyOrderElementsOf(ids);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "../other", "a/b", "a\\b", "/etc", "a b", "a\n", ".hidden"})
  void register_unsafeServiceName_isRefused(String service) {
    Registrar registrar = open();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> registrar.register(service, instance("a", 1)))
        .withMessageContaining("service \"" + service + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb"})
  void register_unsafeId_isRefused(String id) {
    Registrar registrar = open();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> registrar.register(SERVICE, instance(id, 1)))
        .withMessageContaining("id \"" + id + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::"})
  void register_wildcardAddress_isRefused(String wildcard) throws Exception {
    Registrar registrar = open();
    InetSocketAddress address = new InetSocketAddress(InetAddress.getAllByName(wildcard)[0], 80);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> registrar.register(SERVICE, Endpoint.of(address).withId("a")))
        .withMessageContaining("not the wildcard");
  }

  @Test
  void register_afterClose_isRefused() {
    Registrar registrar = open();
    registrar.close();

    assertThat(catchThrowable(() -> registrar.register(SERVICE, instance("a", 1))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void instances_severalIds_areSorted() throws Exception {
    Registrar registrar = open();
    registrar.register(SERVICE, instance("b", 2));
    registrar.register(SERVICE, instance("a", 1));

    assertThat(registrar.instances(SERVICE)).extracting(Endpoint::id).containsExactly("a", "b");
  }

  @Test
  void instances_unknownService_areNone() throws Exception {
    assertThat(open().instances("nobody")).isEmpty();
  }

  @Test
  void services_emptyRegistry_areNone() throws Exception {
    assertThat(open().services()).isEmpty();
  }

  @Test
  void services_withInstances_areSorted() throws Exception {
    Registrar registrar = open();
    registrar.register("users", instance("a", 1));
    registrar.register("orders", instance("a", 1));
    registrar.register("gone", instance("a", 1)).close();

    assertThat(open().services()).containsExactly("orders", "users");
  }

  @Test
  void update_otherWeight_isListed() throws Exception {
    Registration registration = open().register(SERVICE, instance("a", 1));

    registration.update(instance("a", 1).withWeight(7));

    assertThat(open().instances(SERVICE)).containsExactly(instance("a", 1).withWeight(7));
    assertThat(registration.endpoint().weight()).isEqualTo(7);
  }

  @Test
  void update_otherId_isRefused() throws Exception {
    Registration registration = open().register(SERVICE, instance("a", 1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> registration.update(instance("b", 1)))
        .withMessageContaining("id \"b\"");
  }

  @Test
  void close_registration_removesItOnly() throws Exception {
    Registrar registrar = open();
    Registration first = registrar.register(SERVICE, instance("a", 1));
    registrar.register(SERVICE, instance("b", 2));

    first.close();
    first.close();

    assertThat(registrar.instances(SERVICE)).containsExactly(instance("b", 2));
  }

  @Test
  void close_registrationThatWasTakenOver_leavesTheNewOne() throws Exception {
    Registration old = open().register(SERVICE, instance("a", 1));
    open().register(SERVICE, instance("a", 2));

    old.close();

    assertThat(open().instances(SERVICE)).containsExactly(instance("a", 2));
  }

  @Test
  void close_registrar_removesAllItsInstances() throws Exception {
    Registrar registrar = open();
    registrar.register(SERVICE, instance("a", 1));
    registrar.register("users", instance("a", 1));

    registrar.close();
    registrar.close();

    assertThat(open().services()).isEmpty();
  }

  @Test
  void deregister_instanceOfAnotherRegistrar_staysGone() throws Exception {
    open().register(SERVICE, instance("a", 1));

    boolean removed = open().deregister(SERVICE, "a");

    assertThat(removed).isTrue();
    Registrar observer = open();
    Await.always(untilLookedAt(), () -> observer.instances(SERVICE), List::isEmpty);
  }

  @Test
  void deregister_ownInstance_staysGone() throws Exception {
    Registrar registrar = open();
    registrar.register(SERVICE, instance("a", 1));

    registrar.deregister(SERVICE, "a");

    // The next renewal is due after a third of the TTL.
    Await.always(ttl().dividedBy(2), () -> registrar.instances(SERVICE), List::isEmpty);
  }

  @Test
  void deregister_thenRegisterAgain_isListed() throws Exception {
    open().register(SERVICE, instance("a", 1));
    open().deregister(SERVICE, "a");

    open().register(SERVICE, instance("a", 2));

    List<Endpoint> again = List.of(instance("a", 2));
    Registrar observer = open();
    Await.always(untilLookedAt(), () -> observer.instances(SERVICE), again::equals);
  }

  @Test
  void deregister_unknownInstance_saysSo() throws Exception {
    assertThat(open().deregister(SERVICE, "nobody")).isFalse();
  }

  @Test
  void register_longerThanTheTtl_staysListed() throws Exception {
    Registrar registrar = open();
    registrar.register(SERVICE, instance("a", 1));

    List<Endpoint> kept = List.of(instance("a", 1));
    Await.always(untilLookedAt(), () -> registrar.instances(SERVICE), kept::equals);
  }

  @Test
  void register_instanceIsLost_comesBackWithTheLatestValue() throws Exception {
    Registration registration = open().register(SERVICE, instance("a", 1));
    registration.update(instance("a", 1).withWeight(7));

    lose(SERVICE, "a");

    List<Endpoint> latest = List.of(instance("a", 1).withWeight(7));
    Registrar observer = open();
    Await.until(BOUND, () -> observer.instances(SERVICE), latest::equals);
  }

  @Test
  void register_processIsKilled_isGoneAfterTheTtl() throws Exception {
    Registrar observer = open();
    try (RegisteringProcess process = RegisteringProcess.start(registry(), SERVICE, "a", 1)) {
      assertThat(observer.instances(SERVICE)).containsExactly(instance("a", 1));

      process.kill();

      Await.until(ttl().plusSeconds(2), () -> observer.instances(SERVICE), List::isEmpty);
    }
  }

  @Test
  void register_processWasKilledAndStartsAgain_isListedAtItsNewAddress() throws Exception {
    RegisteringProcess.start(registry(), SERVICE, "a", 1).kill();

    try (RegisteringProcess again = RegisteringProcess.start(registry(), SERVICE, "a", 2)) {
      List<Endpoint> moved = List.of(instance("a", 2));
      Registrar observer = open();
      Await.always(untilLookedAt(), () -> observer.instances(SERVICE), moved::equals);
      assertThat(again.isAlive()).isTrue();
    }
  }

  @Test
  void close_manyRegistrars_leaveNeitherThreadNorFile() throws Exception {
    openRegisterAndClose();
    Leftovers before = Leftovers.now();

    for (int i = 0; i < 50; i++) {
      openRegisterAndClose();
    }

    before.awaitNoMore(threadName(), BOUND);
  }

  private void openRegisterAndClose() throws RegistrationException {
    try (Registrar registrar = Registrars.open(registry())) {
      registrar.register(SERVICE, instance("a", 1));
    }
  }

  /** One more registrar of the same registry, closed after the test. */
  protected final Registrar open() {
    Registrar registrar = Registrars.open(registry());
    opened.add(registrar);
    return registrar;
  }

  /** An instance on a loopback port that nobody connects to. */
  protected static Endpoint instance(String id, int port) {
    return Endpoint.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)).withId(id);
  }
}
