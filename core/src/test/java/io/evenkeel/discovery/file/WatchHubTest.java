package io.evenkeel.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.testkit.Await;
import io.evenkeel.testkit.Leftovers;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchHubTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final AtomicInteger opened = new AtomicInteger();
  private final WatchHub hub =
      new WatchHub(
          () -> {
            opened.incrementAndGet();
            return FileSystems.getDefault().newWatchService();
          });
  private final BlockingQueue<String> names = new LinkedBlockingQueue<>();

  @Test
  void watch_fileAppears_isTold() throws Exception {
    try (WatchHub.Watch watch = hub.watch(directory, this::record)) {
      Files.createFile(directory.resolve("a"));

      assertThat(next()).isEqualTo("a");
      assertThat(watch.isValid()).isTrue();
    }
  }

  @Test
  void watch_twoOfOneDirectory_closingOneLeavesTheOther() throws Exception {
    WatchHub.Watch first = hub.watch(directory, (kind, name) -> {});
    try (WatchHub.Watch second = hub.watch(directory, this::record)) {
      first.close();

      Files.createFile(directory.resolve("a"));

      assertThat(next()).isEqualTo("a");
      assertThat(second.isValid()).isTrue();
    }
  }

  @Test
  void watch_listenerThrows_theOthersStillHear() throws Exception {
    WatchHub.Listener broken =
        (kind, name) -> {
          throw new IllegalStateException("broken");
        };
    try (WatchHub.Watch first = hub.watch(directory, broken);
        WatchHub.Watch second = hub.watch(directory, this::record)) {
      Files.createFile(directory.resolve("a"));

      assertThat(next()).isEqualTo("a");
      assertThat(first.isValid()).isEqualTo(second.isValid());
    }
  }

  @Test
  void watch_directoryGoes_isToldAndInvalid() throws Exception {
    Path gone = Files.createDirectory(directory.resolve("gone"));
    try (WatchHub.Watch watch = hub.watch(gone, this::record)) {
      Files.delete(gone);

      assertThat(next()).isEmpty();
      Await.until(BOUND, watch::isValid, valid -> !valid);
    }
  }

  @Test
  void watch_aThousand_shareOneServiceAndThread() throws Exception {
    Leftovers before = Leftovers.now();
    List<WatchHub.Watch> watches = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Path each = Files.createDirectory(directory.resolve("d" + i));
      watches.add(hub.watch(each, this::record));
    }

    assertThat(opened).hasValue(1);
    assertThat(Leftovers.now().threads().get("evenkeel-file-watch")).isEqualTo(1);
    watches.forEach(WatchHub.Watch::close);
    before.awaitNoMore("evenkeel-file-watch", BOUND);
  }

  @Test
  void close_theLast_thenWatchAgain_works() throws Exception {
    hub.watch(directory, this::record).close();

    try (WatchHub.Watch again = hub.watch(directory, this::record)) {
      Files.createFile(directory.resolve("a"));

      assertThat(next()).isEqualTo("a");
      assertThat(again.isValid()).isTrue();
    }
    assertThat(opened).hasValue(2);
  }

  @Test
  void watch_systemGrantsNone_isNullAndLeavesNothing() throws Exception {
    Leftovers before = Leftovers.now();
    WatchHub exhausted =
        new WatchHub(
            () -> {
              throw new IOException("User limit of inotify instances reached");
            });

    assertThat(exhausted.watch(directory, this::record)).isNull();
    before.awaitNoMore("evenkeel-file-watch", BOUND);
  }

  @Test
  void watch_noSuchDirectory_isNullAndLeavesNothing() throws Exception {
    Leftovers before = Leftovers.now();

    assertThat(hub.watch(directory.resolve("none"), this::record)).isNull();

    before.awaitNoMore("evenkeel-file-watch", BOUND);
  }

  private void record(WatchEvent.Kind<?> kind, String name) {
    names.add(name);
  }

  private String next() throws InterruptedException {
    String name = names.poll(BOUND.toSeconds(), TimeUnit.SECONDS);
    assertThat(name).as("an event within " + BOUND).isNotNull();
    return name;
  }
}
