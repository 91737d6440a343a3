package io.evenkeel.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryListener;
import io.evenkeel.discovery.EndpointSet;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.testkit.FakeClock;
import io.grpc.Status;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Without a watch, so that each look happens when the test says so. */
class FileDiscoveryTest {
  private static final Duration POLL = Duration.ofNanos(FileDiscovery.POLL_NANOS);

  @TempDir Path base;
  private final FakeClock clock = new FakeClock();
  private final WatchHub noWatches =
      new WatchHub(
          () -> {
            throw new IOException("User limit of inotify instances reached");
          });
  private final List<String> told = new ArrayList<>();
  private Path path;
  private FileDiscovery discovery;

  @BeforeEach
  void open() {
    path = base.resolve("orders");
    DiscoveryContext context = new DiscoveryContext(Runnable::run, clock, clock, () -> 0.5);
    discovery = new FileDiscovery(path, context, noWatches);
  }

  @AfterEach
  void close() {
    discovery.close();
  }

  @Test
  void start_noFile_saysSoAndUsesItOnceThere() throws Exception {
    start();
    write("[\"127.0.0.1:1\"]");

    clock.advance(POLL);

    assertThat(told)
        .containsExactly(
            "UNAVAILABLE: " + path + " does not exist (it is used as soon as it does)",
            "127.0.0.1:1");
  }

  @Test
  void start_fileComesBetweenTheLookAndTheWatch_isSeenWithoutAPoll() {
    WatchHub late =
        new WatchHub(
            () -> {
              write("[\"127.0.0.1:1\"]");
              return FileSystems.getDefault().newWatchService();
            });
    DiscoveryContext context = new DiscoveryContext(Runnable::run, clock, clock, () -> 0.5);

    try (FileDiscovery watching = new FileDiscovery(path, context, late)) {
      watching.start(new Recorder());
    }

    assertThat(told).containsExactly("127.0.0.1:1");
  }

  @Test
  void poll_nothingChanged_saysNothing() throws Exception {
    write("[\"127.0.0.1:1\"]");
    start();

    clock.advance(POLL.multipliedBy(10));

    assertThat(told).containsExactly("127.0.0.1:1");
  }

  @Test
  void poll_malformedForLong_isSaidOnce() throws Exception {
    write("[\"127.0.0.1:1\"]");
    start();

    write("[\"127.0.0.1:1\"");
    clock.advance(POLL.multipliedBy(10));
    write("[\"127.0.0.1:2\"");
    clock.advance(POLL.multipliedBy(10));

    assertThat(told).hasSize(3);
    assertThat(told.get(1)).contains("malformed JSON");
    assertThat(told.get(2)).contains("malformed JSON").isNotEqualTo(told.get(1));
  }

  @Test
  void poll_fileReplacedByADirectory_showsItsInstances() throws Exception {
    write("[\"127.0.0.1:1\"]");
    start();

    Files.delete(path);
    Files.createDirectory(path);
    writeInstance("a");
    clock.advance(POLL);

    assertThat(told).containsExactly("127.0.0.1:1", "127.0.0.1:7");
  }

  @Test
  void poll_directoryReplacedByAnother_showsItsInstances() throws Exception {
    Files.createDirectory(path);
    writeInstance("a");
    start();

    Files.move(path, base.resolve("old"), StandardCopyOption.ATOMIC_MOVE);
    clock.advance(POLL);
    Files.createDirectory(path);
    clock.advance(POLL);
    writeInstance("b");
    clock.advance(POLL);

    assertThat(told).hasSize(4);
    assertThat(told.get(1)).contains("does not exist");
    assertThat(told.get(2)).isEmpty();
    assertThat(told.get(3)).isEqualTo("127.0.0.1:7");
  }

  @Test
  void refresh_nothingChanged_answers() throws Exception {
    write("[\"127.0.0.1:1\"]");
    start();

    discovery.refresh();

    assertThat(told).containsExactly("127.0.0.1:1", "127.0.0.1:1");
  }

  @Test
  void close_whilePolling_leavesNoTimer() throws Exception {
    start();

    discovery.close();
    discovery.close();

    assertThat(clock.waiting()).isZero();
  }

  @Test
  void close_beforeTheFirstLook_saysNothing() {
    List<Runnable> offloaded = new ArrayList<>();
    FileDiscovery early =
        new FileDiscovery(
            path, new DiscoveryContext(offloaded::add, clock, clock, () -> 0.5), noWatches);
    early.start(new Recorder());

    early.close();
    offloaded.forEach(Runnable::run);

    assertThat(told).isEmpty();
    assertThat(clock.waiting()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file://tmp/orders|the path begins after three slashes, not two",
        "file:orders|the path is not absolute",
        "file:///tmp/orders#x|'#' means nothing here"
      })
  void path_malformedTarget_isRefusedWithAnExample(String target, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FileTarget.path(URI.create(target)))
        .withMessage("\"" + target + "\": " + why + " (example: file:///var/run/services/orders)");
  }

  @Test
  void path_escapedCharacters_areDecoded() {
    assertThat(FileTarget.path(URI.create("file:///tmp/a%20b")).toString()).isEqualTo("/tmp/a b");
  }

  private void start() {
    discovery.start(new Recorder());
  }

  private void write(String json) throws IOException {
    Files.writeString(path, json);
  }

  private void writeInstance(String id) throws IOException {
    Endpoint endpoint = Endpoint.of(HostPort.parse("127.0.0.1:7")).withId(id);
    AtomicFile.write(
        path.resolve(InstanceNames.fileName(id)),
        InstanceFile.of(endpoint, Duration.ofHours(1), "test").toBytes());
  }

  private final class Recorder implements DiscoveryListener {
    @Override
    public void onEndpoints(EndpointSet set) {
      told.add(String.join(" ", set.endpoints().stream().map(Endpoint::displayAddress).toList()));
    }

    @Override
    public void onError(Status status) {
      told.add(status.getCode() + ": " + status.getDescription());
    }
  }
}
