package io.evenkeel.discovery.file;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.testkit.FakeClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceDirectoryTest {
  private static final Duration TTL = Duration.ofSeconds(6);
  private static final Duration BEAT = TTL.dividedBy(3);

  @TempDir Path path;
  private final FakeClock clock = new FakeClock();
  private Instant wall = Instant.parse("2030-01-01T00:00:00Z");

  @Test
  void look_fileTouchedWithinItsTtl_isLive() throws Exception {
    write("a");
    ServiceDirectory directory = open();

    assertThat(idsSeenBy(directory)).containsExactly("a");
  }

  @Test
  void look_noMoreBeats_isGoneAfterTheTtl() throws Exception {
    write("a");
    ServiceDirectory directory = open();
    directory.look();

    pass(TTL);
    List<String> atTheEnd = idsSeenBy(directory);
    pass(Duration.ofNanos(1));

    assertThat(atTheEnd).containsExactly("a");
    assertThat(idsSeenBy(directory)).isEmpty();
  }

  @Test
  void look_beats_keepItLive() throws Exception {
    write("a");
    ServiceDirectory directory = open();
    directory.look();

    for (int i = 0; i < 10; i++) {
      pass(BEAT);
      touch("a");
      assertThat(idsSeenBy(directory)).containsExactly("a");
    }
  }

  @Test
  void look_linkToItself_leavesOutNothingElse() throws Exception {
    write("a");
    Path link = path.resolve("b.json");
    Files.createSymbolicLink(link, link);
    ServiceDirectory directory = open();

    assertThat(idsSeenBy(directory)).containsExactly("a");
    assertThat(directory.endpoints().problems())
        .singleElement(as(InstanceOfAssertFactories.STRING))
        .contains("b.json")
        .endsWith("left out");
  }

  @Test
  @Timeout(240)
  void look_pipe_leavesOutNothingElse() throws Exception {
    write("a");
    Path pipe = path.resolve("b.json");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    ServiceDirectory directory = open();

    assertThat(idsSeenBy(directory)).containsExactly("a");
    assertThat(directory.endpoints().problems())
        .containsExactly("instance file " + pipe + ": is no regular file, left out");
  }

  @ParameterizedTest
  @ValueSource(longs = {-3600, 3600})
  void look_wallClockJumps_keepsWhatBeats(long jumpSeconds) throws Exception {
    write("a");
    ServiceDirectory directory = open();
    directory.look();

    wall = wall.plusSeconds(jumpSeconds);
    assertThat(idsSeenBy(directory)).containsExactly("a");
    for (int i = 0; i < 10; i++) {
      pass(BEAT);
      touch("a");
      assertThat(idsSeenBy(directory)).containsExactly("a");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-3600, 3600})
  void look_wallClockJumps_stillEndsTheLeaseOfTheDead(long jumpSeconds) throws Exception {
    write("a");
    ServiceDirectory directory = open();
    directory.look();

    wall = wall.plusSeconds(jumpSeconds);
    pass(TTL.plusMillis(1));

    assertThat(idsSeenBy(directory)).isEmpty();
  }

  @Test
  void look_firstSightOfAnOldFile_isNotLive() throws Exception {
    write("a");
    pass(TTL.plusSeconds(1));

    assertThat(idsSeenBy(open())).isEmpty();
  }

  @Test
  void look_oldFileAtFirstSightBeats_isLive() throws Exception {
    write("a");
    wall = wall.plusSeconds(3600);
    ServiceDirectory directory = open();
    List<String> first = idsSeenBy(directory);

    pass(BEAT);
    touch("a");

    assertThat(first).isEmpty();
    assertThat(idsSeenBy(directory)).containsExactly("a");
  }

  @Test
  void look_fileOfAMachineWhoseClockIsBehindJoins_isLiveAtOnce() throws Exception {
    ServiceDirectory directory = open();
    directory.look();
    pass(Duration.ofMillis(10));

    write("a");
    Files.setLastModifiedTime(file("a"), FileTime.from(wall.minusSeconds(3600)));

    assertThat(idsSeenBy(directory)).containsExactly("a");
  }

  @Test
  void look_beatSeenLate_countsFromWhenItWas() throws Exception {
    write("a");
    ServiceDirectory directory = open();
    directory.look();
    touch("a");
    pass(Duration.ofSeconds(1));
    directory.look();

    assertThat(directory.nextEndNanos(Long.MAX_VALUE)).isEqualTo(TTL.minusSeconds(1).toNanos() + 1);
  }

  @Test
  void look_contentBecomesMalformed_lastGoodCountsUntilTheLeaseEnds() throws Exception {
    write("a");
    ServiceDirectory directory = open();
    directory.look();
    pass(BEAT);

    Files.writeString(file("a"), "{\"address\": ");
    touch("a");
    List<String> meanwhile = idsSeenBy(directory);
    pass(TTL);
    touch("a");

    assertThat(meanwhile).containsExactly("a");
    assertThat(directory.endpoints().problems().get(0)).contains("a.json: malformed JSON");
    assertThat(idsSeenBy(directory)).isEmpty();
  }

  @Test
  void look_malformedFromTheStart_isLeftOutAndReported() throws Exception {
    write("a");
    Files.writeString(file("b"), "{\"address\": \"nowhere\"}");
    ServiceDirectory directory = open();

    assertThat(idsSeenBy(directory)).containsExactly("a");
    assertThat(directory.endpoints().problems())
        .containsExactly(
            "instance file "
                + file("b")
                + ": \"nowhere\": has no port (expected: host:port, such as 10.0.0.1:8080 or"
                + " [::1]:8080), left out");
  }

  @Test
  void look_unknownField_isReportedWithTheNearestName() throws Exception {
    Files.writeString(file("a"), "{\"address\": \"127.0.0.1:1\", \"wieght\": 2}");
    touch("a");
    ServiceDirectory directory = open();

    assertThat(idsSeenBy(directory)).hasSize(1);
    assertThat(directory.endpoints().problems().get(0)).contains("did you mean \"weight\"?");
  }

  @Test
  void look_temporaryAndHiddenFiles_areIgnored() throws Exception {
    write("a");
    Files.writeString(path.resolve(InstanceNames.temporary("b.json", "1")), "{");
    Files.writeString(path.resolve(".c.json"), "{");
    Files.writeString(path.resolve("README.md"), "hello");

    assertThat(idsSeenBy(open())).containsExactly("a");
    assertThat(open().endpoints().problems()).hasSize(1);
  }

  @Test
  void endpoints_onlySubdirectories_namesThem() throws Exception {
    Files.createDirectory(path.resolve("order-service"));
    Files.createDirectory(path.resolve("user-service"));
    ServiceDirectory directory = open();
    directory.look();

    assertThatIOException()
        .isThrownBy(directory::endpoints)
        .withMessage(
            "directory %s holds no instances itself; did you mean file://%s/order-service?"
                    .formatted(path, path)
                + " (services there: order-service, user-service)");
  }

  @Test
  void endpoints_noneLive_saysHowManyLeasesEnded() throws Exception {
    write("a");
    write("b");
    pass(TTL.plusSeconds(1));
    ServiceDirectory directory = open();
    directory.look();

    assertThat(directory.endpoints().problems())
        .containsExactly(
            "directory " + path + " holds no live instance (2 no longer renew their lease)");
  }

  @Test
  void look_serviceConfig_isHandedOut() throws Exception {
    write("a");
    Files.writeString(path.resolve("service-config.json"), "{\"loadBalancingConfig\": []}");
    ServiceDirectory directory = open();
    directory.look();

    assertThat(directory.endpoints().endpoints()).hasSize(1);
    assertThat(directory.endpoints().serviceConfig())
        .isEqualTo(Map.of("loadBalancingConfig", List.of()));
  }

  @Test
  void look_serviceConfigBreaks_keepsTheLastGoodOne() throws Exception {
    write("a");
    Path config = path.resolve("service-config.json");
    Files.writeString(config, "{\"loadBalancingConfig\": []}");
    ServiceDirectory directory = open();
    directory.look();

    Files.writeString(config, "{\"loadBalancing");
    directory.look();

    assertThat(directory.endpoints().serviceConfig()).containsKey("loadBalancingConfig");
    assertThat(directory.endpoints().problems().get(0)).contains("service-config.json: malformed");
  }

  @Test
  void garbage_untouchedForTenTtls_isAllButTheLiving() throws Exception {
    write("dead");
    write("alive");
    Path temporary = path.resolve(InstanceNames.temporary("x.json", "1"));
    Files.writeString(temporary, "{");
    ServiceDirectory directory = open();
    directory.look();

    for (int i = 0; i < 31; i++) {
      pass(BEAT);
      touch("alive");
      directory.look();
    }

    assertThat(directory.garbage(10, Duration.ofSeconds(60)))
        .containsExactlyInAnyOrder(file("dead"), temporary);
  }

  @Test
  void garbage_oldByTheWallClockOnly_isNone() throws Exception {
    write("a");
    wall = wall.plus(Duration.ofDays(1));
    ServiceDirectory directory = open();
    directory.look();

    assertThat(directory.garbage(10, Duration.ofSeconds(60))).isEmpty();
  }

  private ServiceDirectory open() {
    return new ServiceDirectory(path, clock, () -> wall);
  }

  private static List<String> idsSeenBy(ServiceDirectory directory) throws IOException {
    directory.look();
    return directory.live().stream().map(Endpoint::id).toList();
  }

  private void pass(Duration duration) {
    clock.advance(duration);
    wall = wall.plus(duration);
  }

  private Path file(String id) {
    return path.resolve(InstanceNames.fileName(id));
  }

  private void write(String id) throws IOException {
    int port = id.charAt(0);
    Endpoint endpoint = Endpoint.of(HostPort.parse("127.0.0.1:" + port)).withId(id);
    AtomicFile.write(file(id), InstanceFile.of(endpoint, TTL, "test").toBytes());
    touch(id);
  }

  private void touch(String id) throws IOException {
    Files.setLastModifiedTime(file(id), FileTime.from(wall));
  }
}
