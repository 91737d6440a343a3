package io.evenkeel.subset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.config.ConfigException;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.subset.SubsetConfig.Algorithm;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SubsetConfigTest {

  @Test
  void parse_nothing_meansNoSubset() {
    assertThat(parse(Map.of())).isEmpty();
  }

  @Test
  void parse_empty_hasDefaults() {
    assertThat(parse(subset(Map.of())))
        .contains(new SubsetConfig(20, Algorithm.RENDEZVOUS, Optional.empty()));
  }

  @Test
  void parse_everything_isRead() {
    Map<String, ?> fields =
        Map.of("size", 12, "algorithm", "aperture", "peerIndex", 3, "peerCount", 300);

    assertThat(parse(subset(fields)))
        .contains(new SubsetConfig(12, Algorithm.APERTURE, Optional.of(new Peers(3, 300))));
  }

  @Test
  void parse_misspeltAlgorithm_namesTheNearest() {
    assertThatThrownBy(() -> parse(subset(Map.of("algorithm", "apertur"))))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "evenkeel.subset.algorithm: unknown algorithm \"apertur\""
                + " (did you mean \"aperture\"?)");
  }

  @Test
  void parse_misspeltField_namesTheNearest() {
    assertThatThrownBy(() -> parse(subset(Map.of("pearIndex", 1))))
        .isInstanceOf(ConfigException.class)
        .hasMessage("evenkeel.subset.pearIndex: unknown field (did you mean \"peerIndex\"?)");
  }

  @Test
  void parse_sizeOfNone_isRefused() {
    assertThatThrownBy(() -> parse(subset(Map.of("size", 0))))
        .hasMessage("evenkeel.subset.size: 0 (expected: a whole number 1..100000)");
  }

  @Test
  void parse_indexBeyondCount_isRefused() {
    Map<String, ?> fields = Map.of("algorithm", "aperture", "peerIndex", 5, "peerCount", 5);

    assertThatThrownBy(() -> parse(subset(fields)))
        .hasMessage("evenkeel.subset.peerIndex: 5 (expected: less than peerCount, which is 5)");
  }

  @Test
  void parse_indexWithoutCount_isRefused() {
    assertThatThrownBy(() -> parse(subset(Map.of("algorithm", "aperture", "peerIndex", 5))))
        .hasMessage(
            "evenkeel.subset: only one of peerIndex and peerCount (expected: both or neither)");
  }

  @Test
  void parse_peersOfARendezvous_areRefused() {
    assertThatThrownBy(() -> parse(subset(Map.of("peerIndex", 0, "peerCount", 5))))
        .hasMessage(
            "evenkeel.subset: peerIndex and peerCount without effect"
                + " (expected: only with \"algorithm\": \"aperture\")");
  }

  @Test
  void peers_indexBeyondCount_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Peers(300, 300))
        .withMessage("peer index: 300 (expected: 0..299)");
  }

  private static Map<String, ?> subset(Map<String, ?> fields) {
    return Map.of("subset", fields);
  }

  private static Optional<SubsetConfig> parse(Map<String, ?> fields) {
    ConfigReader evenkeel = new ConfigReader("evenkeel", fields);
    Optional<SubsetConfig> config = SubsetConfig.parse(evenkeel);
    evenkeel.rejectUnknownFields();
    return config;
  }
}
