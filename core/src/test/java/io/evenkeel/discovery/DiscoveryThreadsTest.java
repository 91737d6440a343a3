package io.evenkeel.discovery;

import static io.evenkeel.discovery.ResolverHarness.setOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.SettableFuture;
import com.google.common.util.concurrent.Uninterruptibles;
import io.evenkeel.discovery.ResolverHarness.ScriptedProvider;
import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.Leftovers;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Real threads in real time. */
class DiscoveryThreadsTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  @Test
  void watch_manyThreadsComeAndGo_eachHasTheListAndNothingIsLeft() throws Exception {
    AtomicInteger open = new AtomicInteger();
    Supervisors supervisors = new Supervisors(DiscoveryThreads.CONTEXT);
    SourceTarget target = target(open);
    ExecutorService callers = Executors.newFixedThreadPool(8);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      running.add(
          callers.submit(
              () -> {
                for (int round = 0; round < 200; round++) {
                  CountDownLatch told = new CountDownLatch(1);
                  Watch watch = supervisors.watch(target, view -> told.countDown());
                  assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
                  watch.close();
                }
                return null;
              }));
    }
    for (Future<?> each : running) {
      each.get();
    }
    callers.shutdown();

    Await.until(BOUND, supervisors::size, size -> size == 0);
    Await.until(BOUND, open::get, left -> left == 0);
  }

  @Test
  void context_unused_hasNoThread() throws Exception {
    CountDownLatch ran = new CountDownLatch(2);
    DiscoveryThreads.CONTEXT.offloadExecutor().execute(ran::countDown);
    Future<?> timer =
        DiscoveryThreads.CONTEXT.scheduler().schedule(ran::countDown, 1, TimeUnit.MILLISECONDS);
    timer.get();
    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();

    awaitNoThread();
  }

  @Test
  void offloadExecutor_oneTaskAfterAnother_takesOneThread() throws Exception {
    awaitNoThread(); // of another test, which would take some of the tasks
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 200; i++) {
      SettableFuture<Thread> ran = SettableFuture.create();
      DiscoveryThreads.CONTEXT.offloadExecutor().execute(() -> ran.set(Thread.currentThread()));
      Thread thread = ran.get(10, TimeUnit.SECONDS);
      threads.add(thread);
      Await.until(BOUND, thread::getState, Thread.State.TIMED_WAITING::equals); // for the next task
    }

    assertThat(threads).hasSize(1);
  }

  @Test
  void offloadExecutor_moreTasksThanThreads_allRunInTheEnd() throws Exception {
    int tasks = 3 * DiscoveryThreads.MAX_BLOCKING;
    CountDownLatch begun = new CountDownLatch(DiscoveryThreads.MAX_BLOCKING);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch ran = new CountDownLatch(tasks);
    for (int i = 0; i < tasks; i++) {
      DiscoveryThreads.CONTEXT
          .offloadExecutor()
          .execute(
              () -> {
                begun.countDown();
                Uninterruptibles.awaitUninterruptibly(go);
                ran.countDown();
              });
    }

    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(Leftovers.now().threads().getOrDefault("evenkeel-discovery-#", 0))
        .isEqualTo(DiscoveryThreads.MAX_BLOCKING);
    go.countDown();
    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private static void awaitNoThread() throws Exception {
    Await.until(
        BOUND,
        () -> Leftovers.now().threads().keySet(),
        names -> names.stream().noneMatch(name -> name.startsWith("evenkeel-discovery-")));
  }

  private static SourceTarget target(AtomicInteger open) {
    ScriptedProvider provider =
        new ScriptedProvider(
            () ->
                new Discovery() {
                  @Override
                  public void start(DiscoveryListener listener) {
                    open.incrementAndGet();
                    listener.onEndpoints(setOf(1));
                  }

                  @Override
                  public void refresh() {}

                  @Override
                  public void close() {
                    open.decrementAndGet();
                  }
                });
    return SourceTarget.of(provider, URI.create("test:///orders"));
  }
}
