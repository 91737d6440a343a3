package io.evenkeel.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceNamesTest {

  @ParameterizedTest
  @CsvSource({
    "order-service-1,order-service-1.json",
    "10.0.0.1:80,10.0.0.1%3A80.json",
    "A,%41.json",
    "a,a.json",
    "a/b,a%2Fb.json",
    "a%2Fb,a%252%46b.json",
    "..,%2E..json",
    "ä,%C3%A4.json",
    "service-config,%73ervice-config.json"
  })
  void fileName_id_isSafeAndDistinct(String id, String name) {
    assertThat(InstanceNames.fileName(id)).isEqualTo(name);
    assertThat(InstanceNames.isInstance(name)).isTrue();
  }

  @Test
  void fileName_longId_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InstanceNames.fileName("/".repeat(100)))
        .withMessageContaining("300 bytes as a file name (expected: at most 200)");
  }

  @Test
  void isInstance_temporaryName_isNot() {
    assertThat(InstanceNames.isInstance(InstanceNames.temporary("a.json", "1"))).isFalse();
    assertThat(InstanceNames.isTemporary(InstanceNames.temporary("a.json", "1"))).isTrue();
  }
}
