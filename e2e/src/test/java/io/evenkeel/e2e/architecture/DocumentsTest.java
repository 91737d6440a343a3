package io.evenkeel.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import io.evenkeel.balancer.EvenkeelBalancerProvider;
import io.evenkeel.balancer.PolicyCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the documents promise about files that are built elsewhere. */
final class DocumentsTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final Path EXAMPLES = REPOSITORY.resolve("examples/src/main/java/com/example");
  private static final List<String> DOCUMENTS =
      List.of(
          "README.md",
          "ARCHITECTURE.md",
          "RATIONALE.md",
          "CONTRIBUTING.md",
          "CHANGELOG.md",
          "docs/configuration.md",
          "docs/discovery.md",
          "docs/registration.md");

  /** To a file of this repository, and not to a heading or another host. */
  private static final Pattern LINK = Pattern.compile("]\\((?!#|https?:)([^)#]+)(#[^)]*)?\\)");

  private static final int README_LINES = 150;
  private static final int OWN_POLICY_LINES = 30;

  @Test
  void snippet_ofTheReadme_isWhatTheExampleRuns() throws IOException {
    String example = Files.readString(EXAMPLES.resolve("FirstCall.java"));
    String readme = Files.readString(REPOSITORY.resolve("README.md"));

    String run =
        between(example, "// The README shows the lines from here …\n", "    // … to here.");

    assertThat(between(readme, "```java\n", "```"))
        .isEqualTo(run.stripTrailing().stripIndent() + "\n");
  }

  @Test
  void readme_always_isReadInOneGo() throws IOException {
    assertThat(Files.readAllLines(REPOSITORY.resolve("README.md")))
        .hasSizeLessThanOrEqualTo(README_LINES);
  }

  @Test
  void policy_ofTheCatalog_hasItsRowInTheReadme() throws IOException {
    String readme = Files.readString(REPOSITORY.resolve("README.md"));

    assertThat(PolicyCatalog.names())
        .allSatisfy(name -> assertThat(readme).contains("`" + name + "`"));
  }

  @Test
  void config_ofTheReference_isTaken() throws IOException {
    String reference = Files.readString(REPOSITORY.resolve("docs/configuration.md"));
    Map<String, Object> config =
        new Gson()
            .fromJson(
                between(reference, "```json\n", "```"),
                new TypeToken<Map<String, Object>>() {}.getType());

    assertThat(new EvenkeelBalancerProvider().parseLoadBalancingPolicyConfig(config).getError())
        .isNull();
  }

  @Test
  void ownPolicy_ofTheExamples_isShort() throws IOException {
    assertThat(Files.readAllLines(EXAMPLES.resolve("SameZonePolicyProvider.java")))
        .hasSizeLessThanOrEqualTo(OWN_POLICY_LINES);
  }

  @Test
  void link_ofADocument_leadsToAFile() throws IOException {
    List<String> dead = new ArrayList<>();
    for (String document : DOCUMENTS) {
      Matcher link = LINK.matcher(Files.readString(REPOSITORY.resolve(document)));
      while (link.find()) {
        if (!Files.exists(REPOSITORY.resolve(document).resolveSibling(link.group(1)))) {
          dead.add(document + ": " + link.group(1));
        }
      }
    }

    assertThat(dead).isEmpty();
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start);
    assertThat(from).as("where \"%s\" stands", start).isNotNegative();
    int to = text.indexOf(end, from + start.length());
    assertThat(to).as("where \"%s\" stands after it", end).isNotNegative();
    return text.substring(from + start.length(), to);
  }
}
