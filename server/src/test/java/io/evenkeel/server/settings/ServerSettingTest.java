package io.evenkeel.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServerSettingTest {

  @Test
  void all_everyConstant_isListed() throws IllegalAccessException {
    List<Object> constants = new ArrayList<>();
    for (Field field : ServerSetting.class.getFields()) {
      constants.add(field.get(null));
    }

    assertThat(ServerSetting.all()).containsExactlyInAnyOrderElementsOf(cast(constants));
  }

  @Test
  void all_keys_areUniqueAndInOneSpelling() {
    assertThat(ServerSetting.all())
        .extracting(Setting::key)
        .doesNotHaveDuplicates()
        .allMatch(key -> key.matches("[a-z]+(-[a-z]+)*"));
  }

  @Test
  void all_defaults_areInRange() {
    assertThat(ServerSetting.all()).allSatisfy(ServerSettingTest::checkDefault);
  }

  @Test
  void environmentVariable_keyWithDashes_hasUnderscores() {
    assertThat(ServerSetting.MAX_CONNECTION_AGE.environmentVariable())
        .isEqualTo("EVENKEEL_MAX_CONNECTION_AGE");
  }

  @Test
  void with_outOfRange_isRefused() {
    ServerSettings settings = ServerSettings.defaults();

    assertThatThrownBy(() -> settings.with(ServerSetting.WEIGHT, -1))
        .hasMessage("weight: \"-1\" (expected: 0..1000000)");
  }

  @Test
  void with_value_leavesTheOriginalAlone() {
    ServerSettings original = ServerSettings.defaults();

    ServerSettings changed = original.with(ServerSetting.PORT, 1);

    assertThat(changed.get(ServerSetting.PORT)).isEqualTo(1);
    assertThat(original.get(ServerSetting.PORT)).isZero();
  }

  private static <T> void checkDefault(Setting<T> setting) {
    assertThat(setting.check(setting.defaultValue())).isEqualTo(setting.defaultValue());
  }

  @SuppressWarnings("unchecked") // Every public field of the table is a setting.
  private static List<Setting<?>> cast(List<?> settings) {
    return (List<Setting<?>>) settings;
  }
}
