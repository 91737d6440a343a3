package io.evenkeel.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the compiler does not keep: Javadoc and the length of files. */
final class SourceFilesTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final int MAX_LINES = 500;

  private static final Pattern PUBLIC_TYPE =
      Pattern.compile(
          "^public (?:final |abstract |sealed |non-sealed )*(?:class|interface|record|enum|@interface) ",
          Pattern.MULTILINE);

  /** The end of a comment, then nothing but annotations, then the type. */
  private static final Pattern DOCUMENTED =
      Pattern.compile(
          "\\*/\\n(?:@.*\\n(?:[ )].*\\n)*)*" + PUBLIC_TYPE.pattern(), Pattern.MULTILINE);

  @Test
  void publicType_always_hasJavadoc() throws IOException {
    List<Path> undocumented =
        sources()
            .filter(file -> PUBLIC_TYPE.matcher(read(file)).find())
            .filter(file -> !DOCUMENTED.matcher(read(file)).find())
            .toList();

    assertThat(undocumented).isEmpty();
  }

  @Test
  void packageInfo_always_saysWhereToStartReading() throws IOException {
    List<Path> silent =
        sources()
            .filter(file -> file.endsWith("package-info.java"))
            .filter(file -> !read(file).contains("Start reading at"))
            .toList();

    assertThat(silent).isEmpty();
  }

  @Test
  void file_always_fitsInOneReading() throws IOException {
    List<Path> tooLong = sources().filter(file -> read(file).lines().count() > MAX_LINES).toList();

    assertThat(tooLong).isEmpty();
  }

  /** All Java files of all modules, but not those of tests. */
  private static Stream<Path> sources() throws IOException {
    List<Path> found;
    try (Stream<Path> modules = Files.list(REPOSITORY)) {
      found =
          modules
              .map(module -> module.resolve("src/main/java"))
              .filter(Files::isDirectory)
              .flatMap(SourceFilesTest::javaFilesIn)
              .toList();
    }
    // A wrong working directory must not make every rule hold.
    assertThat(found).hasSizeGreaterThan(100);
    return found.stream();
  }

  private static Stream<Path> javaFilesIn(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
