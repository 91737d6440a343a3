package io.evenkeel.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.testkit.WatchedTarget.Result;
import io.grpc.NameResolverProvider;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every discovery owes its channel. To prove one, extend this in a test class and say how its
 * registry is written; each test gets a registry without instances.
 */
public abstract class DiscoveryContract {
  /** Far longer than any discovery should take; only a failing test waits for it. */
  protected static final Duration BOUND = Duration.ofSeconds(60);

  private static final int OPENED_AND_CLOSED = 100;

  /** Distinct discoveries at the same time, and threads of the back end that they may have. */
  private static final int MANY = 20;

  private static final int THREADS_OF_MANY = 8;

  /** Served where nothing else is; nobody listens there. */
  private static final String FALLBACK = "fixed:///127.0.0.1:9";

  private static final AtomicInteger tests = new AtomicInteger();

  /** A service that no other test has, for those that share a registry. */
  protected final String service = "orders-" + tests.incrementAndGet();

  /** The provider under test. */
  protected abstract NameResolverProvider provider();

  /** The target whose instances the methods below write. */
  protected abstract URI target();

  /** Adds an instance, or replaces the one of the same id. */
  protected abstract void put(Endpoint endpoint) throws Exception;

  /**
   * Adds something of this id that is no instance, as by a mistake of an operator, or puts it in
   * the place of the instance of the same id.
   */
  protected abstract void putMalformed(String id) throws Exception;

  /** Removes the instance of this id. */
  protected abstract void remove(String id) throws Exception;

  /** Part of the names of all threads that a watch of this back end starts. */
  protected abstract String threadName();

  /** What clients see of an instance; for registries that cannot carry every field. */
  protected Endpoint asSeen(Endpoint written) {
    return written;
  }

  @Test
  void start_instancesThere_areTheFirstResult() throws Exception {
    put(instance("a", 1));
    put(instance("b", 2));

    try (WatchedTarget watched = watch()) {
      Result first = watched.next(BOUND);

      assertThat(first.ids()).isEqualTo(ids(instance("a", 1), instance("b", 2)));
    }
  }

  @Test
  void start_everyFieldSet_arrives() throws Exception {
    Endpoint full =
        new Endpoint("a", instance("a", 1).addresses(), 9, "z1", 2, Map.of("version", "1.2"));
    put(full);

    try (WatchedTarget watched = watch()) {
      assertThat(watched.next(BOUND).endpoints()).containsExactly(asSeen(full));
    }
  }

  @Test
  void start_nothingThere_isUnavailableAndNamesTheTarget() throws Exception {
    try (WatchedTarget watched = watch()) {
      Result first = watched.next(BOUND);

      assertThat(first.failure()).isNotNull();
      Status status = Status.fromThrowable(first.failure());
      assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(status.getDescription()).contains(target().toString());
    }
  }

  @Test
  void put_firstInstanceAfterTheStart_isSeen() throws Exception {
    try (WatchedTarget watched = watch()) {
      watched.next(BOUND);

      put(instance("a", 1));

      watched.await(BOUND, result -> result.ids().equals(ids(instance("a", 1))));
    }
  }

  @Test
  void put_anotherInstance_joins() throws Exception {
    put(instance("a", 1));
    try (WatchedTarget watched = watch()) {
      watched.next(BOUND);

      put(instance("b", 2));

      assertThat(watched.next(BOUND).ids()).isEqualTo(ids(instance("a", 1), instance("b", 2)));
    }
  }

  @Test
  void remove_oneInstance_leaves() throws Exception {
    put(instance("a", 1));
    put(instance("b", 2));
    try (WatchedTarget watched = watch()) {
      watched.next(BOUND);

      remove("a");

      assertThat(watched.next(BOUND).ids()).isEqualTo(ids(instance("b", 2)));
    }
  }

  @Test
  protected void put_otherWeight_isSeen() throws Exception {
    put(instance("a", 1));
    try (WatchedTarget watched = watch()) {
      watched.next(BOUND);

      put(instance("a", 1).withWeight(7));

      Result changed = watched.next(BOUND);
      assertThat(changed.endpoints()).containsExactly(asSeen(instance("a", 1).withWeight(7)));
    }
  }

  @Test
  void put_otherAddress_isSeen() throws Exception {
    put(instance("a", 1));
    try (WatchedTarget watched = watch()) {
      watched.next(BOUND);

      put(instance("a", 2));

      assertThat(watched.next(BOUND).endpoints()).containsExactly(asSeen(instance("a", 2)));
    }
  }

  @Test
  void put_sameAgain_isNoResult() throws Exception {
    put(instance("a", 1));
    try (WatchedTarget watched = watch()) {
      watched.next(BOUND);

      put(instance("a", 1));
      put(instance("b", 2));

      assertThat(watched.next(BOUND).ids()).isEqualTo(ids(instance("a", 1), instance("b", 2)));
    }
  }

  @Test
  void putMalformed_amongGood_theGoodServe() throws Exception {
    put(instance("a", 1));
    putMalformed("b");
    put(instance("c", 3));

    try (WatchedTarget watched = watch()) {
      assertThat(watched.next(BOUND).ids()).isEqualTo(ids(instance("a", 1), instance("c", 3)));
    }
  }

  @Test
  protected void putMalformed_overGood_leavesItOut() throws Exception {
    put(instance("a", 1));
    put(instance("b", 2));
    try (WatchedTarget watched = watch()) {
      watched.next(BOUND);

      putMalformed("a");

      watched.await(BOUND, result -> result.ids().equals(ids(instance("b", 2))));
    }
  }

  @Test
  void remove_lastInstance_keepsTheListUntilThereIsAnother() throws Exception {
    put(instance("a", 1));
    try (WatchedTarget watched = watch()) {
      watched.next(BOUND);

      remove("a");
      watched.refresh();
      put(instance("b", 2));

      assertThat(watched.next(BOUND).ids()).isEqualTo(ids(instance("b", 2)));
    }
  }

  @Test
  void refresh_nothingChanged_isNoResult() throws Exception {
    put(instance("a", 1));
    try (WatchedTarget watched = watch()) {
      watched.next(BOUND);

      watched.refresh();
      watched.refresh();
      put(instance("b", 2));

      assertThat(watched.next(BOUND).ids()).isEqualTo(ids(instance("a", 1), instance("b", 2)));
    }
  }

  @Test
  void watch_twoOfOneTarget_shareOneDiscovery() throws Exception {
    put(instance("a", 1));
    NameResolverProvider provider = provider();
    try (WatchedTarget first = new WatchedTarget(provider, target());
        WatchedTarget second = new WatchedTarget(provider, target())) {
      first.next(BOUND);
      second.next(BOUND);

      assertThat(second.status()).isSameAs(first.status());
    }
  }

  @Test
  void close_oneOfTwoWatches_leavesTheOther() throws Exception {
    put(instance("a", 1));
    NameResolverProvider provider = provider();
    try (WatchedTarget stays = new WatchedTarget(provider, target())) {
      stays.next(BOUND);
      try (WatchedTarget goes = new WatchedTarget(provider, target())) {
        goes.next(BOUND);
      }

      put(instance("b", 2));

      assertThat(stays.next(BOUND).ids()).isEqualTo(ids(instance("a", 1), instance("b", 2)));
    }
  }

  @Test
  void remove_mostAtOnce_areHeldUntilAnotherLookConfirms() throws Exception {
    for (int port = 1; port <= 6; port++) {
      put(instance("instance-" + port, port));
    }
    try (WatchedTarget watched = watchWith("confirm=3s")) {
      watched.await(BOUND, result -> result.endpoints().size() == 6);

      for (int port = 1; port <= 5; port++) {
        remove("instance-" + port);
      }

      Await.until(BOUND, () -> watched.status().snapshot().held(), held -> held > 0);
      watched.await(
          BOUND, result -> result.endpoints().equals(List.of(asSeen(instance("instance-6", 6)))));
      assertThat(watched.status().snapshot().held()).isZero();
    }
  }

  @Test
  void start_nothingThereButAFallback_isUsedUntilThereIs() throws Exception {
    try (WatchedTarget watched = watchWith("fallback=" + FALLBACK)) {
      Result first = watched.next(BOUND);

      put(instance("a", 1));

      assertThat(first.ids()).containsExactly("127.0.0.1:9");
      watched.await(BOUND, result -> result.ids().equals(ids(instance("a", 1))));
      assertThat(watched.status().snapshot().fallback()).isFalse();
    }
  }

  @Test
  void watch_manyAtOnce_threadsAreFew() throws Exception {
    put(instance("a", 1));
    Leftovers before = Leftovers.now();
    List<WatchedTarget> many = new ArrayList<>();
    try {
      for (int i = 0; i < MANY; i++) {
        // Another parameter makes it another discovery.
        WatchedTarget watched = watchWith("debounce=" + (i + 1) + "ms");
        many.add(watched);
        watched.next(BOUND);
      }

      assertThat(Leftovers.now().count(threadName()) - before.count(threadName()))
          .isLessThanOrEqualTo(THREADS_OF_MANY);
    } finally {
      many.forEach(WatchedTarget::close);
    }
  }

  @Test
  void close_manyWatches_leavesNeitherThreadNorFile() throws Exception {
    put(instance("a", 1));
    openAndClose(1);
    Leftovers before = Leftovers.now();

    openAndClose(OPENED_AND_CLOSED);

    before.awaitNoMore(threadName(), BOUND);
  }

  /** Opens a watch, takes its first result and closes it, so many times. */
  protected final void openAndClose(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      try (WatchedTarget watched = watch()) {
        watched.next(BOUND);
      }
    }
  }

  /** Starts to resolve the target. */
  protected final WatchedTarget watch() {
    return new WatchedTarget(provider(), target());
  }

  /** Starts to resolve the target with {@code parameter}, such as {@code maxDrop=100%25}. */
  protected final WatchedTarget watchWith(String parameter) {
    String target = target().toString();
    return new WatchedTarget(
        provider(), URI.create(target + (target.contains("?") ? "&" : "?") + parameter));
  }

  private List<String> ids(Endpoint... written) {
    return Stream.of(written).map(each -> asSeen(each).id()).toList();
  }

  /** An instance on a loopback port that nobody connects to. */
  protected static Endpoint instance(String id, int port) {
    return Endpoint.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)).withId(id);
  }
}
