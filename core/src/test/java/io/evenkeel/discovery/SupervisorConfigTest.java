package io.evenkeel.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SupervisorConfigTest {

  @Test
  void parse_nothing_isTheDefault() {
    assertThat(parse("")).isEqualTo(SupervisorConfig.DEFAULT);
  }

  @Test
  void parse_everything_isRead() {
    SupervisorConfig config =
        parse("?maxAge=10m&maxDrop=30%25&confirm=9s&debounce=1s&fallback=fixed:///127.0.0.1:1");

    assertThat(config.maxAge()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.maxDropPercent()).isEqualTo(30);
    assertThat(config.confirm()).isEqualTo(Duration.ofSeconds(9));
    assertThat(config.debounce()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.fallback().orElseThrow().text()).isEqualTo("fixed:///127.0.0.1:1");
  }

  @Test
  void parse_fallbackEncoded_mayHaveParametersOfItsOwn() {
    SupervisorConfig config =
        parse("?fallback=fixed%3A%2F%2F%2F127.0.0.1%3A1%3Fdebounce%3D5ms%26maxAge%3D1h");

    SupervisorConfig inner = config.fallback().orElseThrow().config();
    assertThat(inner.debounce()).isEqualTo(Duration.ofMillis(5));
    assertThat(inner.maxAge()).isEqualTo(Duration.ofHours(1));
  }

  @ParameterizedTest
  @CsvSource({
    "?maxAge=0s,?maxAge",
    "?maxDrop=50,?maxDrop",
    "?confirm=1ms,?confirm",
    "?debounce=1h,?debounce",
    "?fallback=orders,no discovery of Evenkeel's has the scheme",
    "?fallback=dns:///orders:1,no discovery of Evenkeel's has the scheme \"dns\"",
    "?fallback=fixed:///orders,has no port"
  })
  void parse_malformed_saysWhat(String query, String why) {
    assertThatIllegalArgumentException().isThrownBy(() -> parse(query)).withMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource({
    "test:///a,test:///a",
    "test:///a?x=1,test:///a?x=1",
    "test:///a?maxAge=1s,test:///a",
    "test:///a?x=1&maxAge=1s&y=%26#f,test:///a?x=1&y=%26#f",
    "test:a,test:a"
  })
  void without_ours_leavesTheRestAsItIs(String target, String rest) {
    assertThat(SupervisorConfig.without(URI.create(target))).isEqualTo(URI.create(rest));
  }

  /** The back end refuses it, and knows nothing of the supervisor's names. */
  @ParameterizedTest
  @CsvSource({"maxAg,maxAge", "maxdrop,maxDrop", "confrm,confirm", "intervall,interval"})
  void check_misspeltName_namesTheNearestOfBoth(String written, String meant) {
    ResolverHarness.ScriptedProvider provider =
        new ResolverHarness.ScriptedProvider(
            () -> {
              TargetQuery query = TargetQuery.of(URI.create("test:///a?" + written + "=1s"));
              query.stringValue("interval", "");
              query.rejectUnknown();
              throw new AssertionError("not refused");
            });
    SourceTarget target = SourceTarget.of(provider, URI.create("test:///a"));

    assertThatIllegalArgumentException()
        .isThrownBy(target::check)
        .withMessage(
            "target \"test:///a\": ?%s: unknown setting (did you mean \"%s\"?)", written, meant);
  }

  @Test
  void of_userInTheTarget_isRefusedWithoutRepeatingIt() {
    URI target = URI.create("test://root:secret@127.0.0.1/orders");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SourceTarget.of(new ResolverHarness.ScriptedProvider(() -> null), target))
        .withMessageContaining("a user has no place in it")
        .withMessageNotContaining("secret");
  }

  private static SupervisorConfig parse(String query) {
    return SupervisorConfig.parse(URI.create("test:///orders" + query));
  }
}
