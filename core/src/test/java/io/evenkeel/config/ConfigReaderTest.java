package io.evenkeel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigReaderTest {

  static List<Object> threes() {
    return Arrays.asList(3, 3L, 3.0, 3.0f, "3", "3.0", "3e0");
  }

  static List<Object> notWholeNumbers() {
    return Arrays.asList(
        2.5, "2.5", "three", "", " 3", "3d", "0x3", "NaN", Double.NaN, "1e400", true, List.of(3));
  }

  @ParameterizedTest
  @MethodSource("threes")
  void intValue_anyWayToWriteThree_isThree(Object three) {
    ConfigReader config = reader(Map.of("size", three));

    int size = config.intValue("size", 1, 1, 10);

    assertThat(size).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("notWholeNumbers")
  void intValue_notAWholeNumber_isRefused(Object value) {
    ConfigReader config = reader(Map.of("size", value));

    assertThatThrownBy(() -> config.intValue("size", 1, 1, 10))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("top.size: ")
        .hasMessageEndingWith(" (expected: a whole number 1..10)");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 11, -1, 4_294_967_299L, Long.MIN_VALUE})
  void intValue_outOfRange_isRefusedWithTheValue(long value) {
    ConfigReader config = reader(Map.of("size", value));

    assertThatThrownBy(() -> config.intValue("size", 1, 1, 10))
        .hasMessage("top.size: " + value + " (expected: a whole number 1..10)");
  }

  @Test
  void intValue_doubleThatIsWhole_isShownAsItWasWritten() {
    ConfigReader config = reader(Map.of("size", 11.0));

    assertThatThrownBy(() -> config.intValue("size", 1, 1, 10))
        .hasMessageStartingWith("top.size: 11 (");
  }

  @Test
  void intValue_bounds_areIncluded() {
    ConfigReader config = reader(Map.of("least", 1, "most", 10));

    assertThat(config.intValue("least", 5, 1, 10)).isEqualTo(1);
    assertThat(config.intValue("most", 5, 1, 10)).isEqualTo(10);
  }

  @Test
  void intValue_missing_isTheOther() {
    assertThat(reader(Map.of()).intValue("size", 7, 1, 10)).isEqualTo(7);
  }

  @Test
  void intValue_null_isTheOther() {
    Map<String, Object> fields = new HashMap<>();
    fields.put("size", null);

    assertThat(reader(fields).intValue("size", 7, 1, 10)).isEqualTo(7);
  }

  @ParameterizedTest
  @MethodSource("threes")
  void doubleValue_anyWayToWriteThree_isThree(Object three) {
    assertThat(reader(Map.of("share", three)).doubleValue("share", 0, 0, 10)).isEqualTo(3.0);
  }

  @Test
  void doubleValue_fraction_isKept() {
    assertThat(reader(Map.of("share", "0.25")).doubleValue("share", 1, 0, 1)).isEqualTo(0.25);
  }

  @Test
  void doubleValue_outOfRange_isRefused() {
    ConfigReader config = reader(Map.of("share", 1.01));

    assertThatThrownBy(() -> config.doubleValue("share", 0, 0, 1))
        .hasMessage("top.share: 1.01 (expected: a number 0.0..1.0)");
  }

  @Test
  void doubleValue_nan_isRefused() {
    ConfigReader config = reader(Map.of("share", Double.NaN));

    assertThatThrownBy(() -> config.doubleValue("share", 0, 0, 1))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void booleanValue_truth_isRead() {
    assertThat(reader(Map.of("on", true)).booleanValue("on", false)).isTrue();
    assertThat(reader(Map.of()).booleanValue("on", true)).isTrue();
  }

  @Test
  void booleanValue_text_isRefused() {
    assertThatThrownBy(() -> reader(Map.of("on", "true")).booleanValue("on", false))
        .hasMessage("top.on: \"true\" (expected: true or false)");
  }

  @Test
  void stringValue_text_isRead() {
    assertThat(reader(Map.of("name", "orders")).stringValue("name", "")).isEqualTo("orders");
    assertThat(reader(Map.of()).stringValue("name", "other")).isEqualTo("other");
  }

  @Test
  void stringValue_number_isRefused() {
    assertThatThrownBy(() -> reader(Map.of("name", 5)).stringValue("name", ""))
        .hasMessage("top.name: 5 (expected: a string)");
  }

  @Test
  void durationValue_protobufForms_areRead() {
    assertThat(duration("10s")).isEqualTo(Duration.ofSeconds(10));
    assertThat(duration("0.5s")).isEqualTo(Duration.ofMillis(500));
    assertThat(duration("1.000000001s")).isEqualTo(Duration.ofSeconds(1, 1));
    assertThat(duration("0s")).isEqualTo(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10", "-1s", "1e9s", "s", ".5s", "1.s", "1 s", "10S", "1m", "", "1.0000000001s"})
  void durationValue_badForm_isRefusedWithAnExample(String text) {
    assertThatThrownBy(() -> duration(text))
        .hasMessage(
            "top.wait: \""
                + text
                + "\" (expected: a duration such as \"10s\" or \"0.5s\", from \"0.0s\" to \"60.0s\")");
  }

  @Test
  void durationValue_number_isRefused() {
    assertThatThrownBy(() -> duration(10)).hasMessageStartingWith("top.wait: 10 (expected: ");
  }

  @Test
  void durationValue_outOfRange_isRefused() {
    assertThatThrownBy(() -> duration("60.000000001s")).isInstanceOf(ConfigException.class);
  }

  @Test
  void durationValue_missing_isTheOther() {
    Duration wait =
        reader(Map.of())
            .durationValue("wait", Duration.ofSeconds(3), Duration.ZERO, Duration.ofSeconds(60));

    assertThat(wait).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void object_nested_isNamedByItsPath() {
    ConfigReader config = reader(Map.of("inner", Map.of("size", "x")));

    assertThatThrownBy(() -> config.object("inner").intValue("size", 1, 1, 10))
        .hasMessageStartingWith("top.inner.size: \"x\"");
  }

  @Test
  void object_missing_isEmpty() {
    assertThat(reader(Map.of()).object("inner").fieldNames()).isEmpty();
  }

  @Test
  void object_list_isRefused() {
    assertThatThrownBy(() -> reader(Map.of("inner", List.of())).object("inner"))
        .hasMessage("top.inner: [] (expected: an object)");
  }

  @Test
  void rejectUnknownFields_misspelt_namesTheNearest() {
    ConfigReader config = reader(Map.of("siez", 3));
    config.intValue("size", 1, 1, 10);
    config.intValue("window", 1, 1, 10);

    assertThatThrownBy(config::rejectUnknownFields)
        .hasMessage("top.siez: unknown field (did you mean \"size\"?)");
  }

  @Test
  void rejectUnknownFields_nested_namesTheWholePath() {
    ConfigReader config = reader(Map.of("inner", Map.of("siez", 3)));
    config.object("inner").intValue("size", 1, 1, 10);

    assertThatThrownBy(config::rejectUnknownFields)
        .hasMessage("top.inner.siez: unknown field (did you mean \"size\"?)");
  }

  @Test
  void rejectUnknownFields_noFieldKnown_saysSo() {
    ConfigReader config = reader(Map.of("size", 3));

    assertThatThrownBy(config::rejectUnknownFields)
        .hasMessage("top.size: unknown field (expected: no field at all)");
  }

  @Test
  void rejectUnknownFields_allAskedFor_passes() {
    ConfigReader config = reader(Map.of("size", 3, "inner", Map.of("on", true)));
    config.intValue("size", 1, 1, 10);
    config.object("inner").booleanValue("on", false);

    config.rejectUnknownFields();
  }

  @Test
  void path_noName_isLeftOutOfMessages() {
    ConfigReader config = new ConfigReader("", Map.of("size", "x"));

    assertThatThrownBy(() -> config.intValue("size", 1, 1, 10)).hasMessageStartingWith("size: ");
  }

  private static ConfigReader reader(Map<String, ?> fields) {
    return new ConfigReader("top", fields);
  }

  private static Duration duration(Object value) {
    return reader(Map.of("wait", value))
        .durationValue("wait", Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(60));
  }
}
