package io.evenkeel.benchmarks.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ColdClientTest {

  @ParameterizedTest
  @EnumSource(Security.class)
  void measure_fewEndpoints_allAnswerToBothClients(Security security) throws IOException {
    String page = new ColdClient(security, 5, 1).measure();

    assertThat(page.lines().filter(line -> line.contains("| 5 | 0 |"))).hasSize(4);
  }
}
