package io.evenkeel.benchmarks.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ColdClientTest {

  @Test
  void measure_fewEndpoints_allAnswerToBothClients() throws IOException {
    String page = new ColdClient(5, 1).measure();

    assertThat(page.lines().filter(line -> line.contains("| 5 | 0 |"))).hasSize(4);
  }
}
