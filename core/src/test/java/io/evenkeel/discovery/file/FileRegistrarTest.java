package io.evenkeel.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import io.evenkeel.registration.Registrar;
import io.evenkeel.registration.RegistrationException;
import io.evenkeel.testkit.FakeClock;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With a TTL so long that no heartbeat comes but those of the test. */
class FileRegistrarTest {
  private static final String SERVICE = "orders";

  @TempDir Path base;
  private final FakeClock clock = new FakeClock();
  private Instant wall = Instant.now();
  private FileRegistrar registrar;

  @BeforeEach
  void open() {
    registrar = new FileRegistrar(base, Duration.ofHours(1), clock, () -> wall);
  }

  @AfterEach
  void close() {
    registrar.close();
  }

  @Test
  void register_newInstance_leavesOneFileAndNoTemporary() throws Exception {
    registrar.register(SERVICE, instance("a"));

    assertThat(files()).containsExactly("a.json");
  }

  @Test
  void beat_nothingChanged_touchesWithoutWriting() throws Exception {
    registrar.register(SERVICE, instance("a"));
    Object inode = FileVersion.of(file("a")).key();
    wall = wall.plusSeconds(100);

    registrar.beat();

    assertThat(FileVersion.of(file("a")).key()).isEqualTo(inode);
    assertThat(Files.getLastModifiedTime(file("a")).toInstant()).isEqualTo(wall);
  }

  @Test
  void beat_fileDamaged_writesItAgain() throws Exception {
    registrar.register(SERVICE, instance("a"));
    Files.writeString(file("a"), "{\"addr");

    registrar.beat();

    assertThat(registrar.instances(SERVICE)).containsExactly(instance("a"));
  }

  @Test
  void beat_fileEditedByHand_writesItAgain() throws Exception {
    registrar.register(SERVICE, instance("a"));
    String edited = Files.readString(file("a")).replace("127.0.0.1:7", "127.0.0.1:8");
    Files.writeString(file("a"), edited);

    registrar.beat();

    assertThat(registrar.instances(SERVICE)).containsExactly(instance("a"));
  }

  @Test
  void beat_whileAnotherHoldsTheId_standsBy() throws Exception {
    registrar.register(SERVICE, instance("a"));
    try (FileRegistrar other = new FileRegistrar(base, Duration.ofHours(1), clock, () -> wall)) {
      other.register(SERVICE, instance("a").withWeight(5));

      registrar.beat();

      assertThat(registrar.instances(SERVICE)).containsExactly(instance("a").withWeight(5));
    }
    registrar.beat();
    assertThat(registrar.instances(SERVICE)).containsExactly(instance("a"));
  }

  @Test
  void beat_wholeDirectoryGone_makesItAgain() throws Exception {
    registrar.register(SERVICE, instance("a"));
    Files.delete(file("a"));
    Files.delete(base.resolve(SERVICE));

    registrar.beat();

    assertThat(registrar.instances(SERVICE)).containsExactly(instance("a"));
  }

  @Test
  void beat_deadFilesBeside_areSweptAfterTenTtls() throws Exception {
    registrar.register(SERVICE, instance("a"));
    InstanceFile dead = InstanceFile.of(instance("dead"), Duration.ofSeconds(6), "nobody");
    AtomicFile.write(file("dead"), dead.toBytes());
    registrar.instances(SERVICE);

    clock.advance(Duration.ofSeconds(60));
    registrar.beat();
    List<String> afterSixty = files();
    clock.advance(Duration.ofSeconds(30));
    registrar.beat();

    assertThat(afterSixty).containsExactlyInAnyOrder("a.json", "dead.json");
    assertThat(files()).containsExactly("a.json");
  }

  @Test
  void register_baseIsAFile_saysWhichRegistryDidNotTakeIt() throws Exception {
    Path file = Files.createFile(base.resolve("file"));
    try (FileRegistrar broken = new FileRegistrar(file, Duration.ofHours(1), clock, () -> wall)) {
      assertThatExceptionOfType(RegistrationException.class)
          .isThrownBy(() -> broken.register(SERVICE, instance("a")))
          .withMessageContaining("registry \"file://" + file + "\"")
          .withMessageContaining("instance \"a\"");
    }
  }

  @Test
  void open_withoutTtl_isSixSeconds() throws Exception {
    try (Registrar opened = new FileRegistrarProvider().open(URI.create("file://" + base))) {
      opened.register(SERVICE, instance("a"));

      assertThat(Files.readString(file("a"))).contains("\"ttl\": \"6s\"");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?ttl=0.5s|ttl: \"0.5s\" (expected: a duration",
        "?ttl=2h|ttl: \"2h\" (expected: a duration",
        "?ttl|ttl: \"\" (expected: a duration",
        "?tl=3s|tl: unknown field (did you mean \"ttl\"?)"
      })
  void open_malformedQuery_isRefused(String query, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FileRegistrarProvider().open(URI.create("file:///tmp/x" + query)))
        .withMessageContaining(why);
  }

  private Path file(String id) {
    return base.resolve(SERVICE).resolve(InstanceNames.fileName(id));
  }

  private List<String> files() throws Exception {
    try (Stream<Path> files = Files.list(base.resolve(SERVICE))) {
      return files.map(each -> each.getFileName().toString()).toList();
    }
  }

  private static Endpoint instance(String id) {
    return Endpoint.of(HostPort.parse("127.0.0.1:7")).withId(id);
  }
}
