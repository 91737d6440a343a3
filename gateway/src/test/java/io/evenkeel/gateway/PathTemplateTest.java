package io.evenkeel.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {

  @ParameterizedTest
  @CsvSource({
    "/v1/books, /v1/books",
    "/orders/{id}, /orders/:v0",
    "/a/{x.y}/b/{z=*}, /a/:v0/b/:v1",
    "/v1/{name=shelves/*}, regex:^\\Q/v1/\\E(?<v0>\\Qshelves/\\E[^/]+)$",
    "/f/{path=**}, regex:^\\Q/f/\\E(?<v0>.*)$",
    "/b/{id}:lend, regex:^\\Q/b/\\E(?<v0>[^/]+)\\Q:lend\\E$",
    "/b/*/c, regex:^\\Q/b/\\E[^/]+\\Q/c\\E$",
  })
  void parse_template_isThePatternOfTheRouter(String template, String pattern) {
    assertThat(PathTemplate.parse(template).pattern()).isEqualTo(pattern);
  }

  @Test
  void parse_variables_areTheFieldsInOrder() {
    assertThat(PathTemplate.parse("/a/{x.y}/b/{z=c/*}").fields()).containsExactly("x.y", "z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders/{id}", "/orders/{id", "/orders/id}", "/orders/{}", "", "/{1}"})
  void parse_malformed_isRefused(String template) {
    assertThatThrownBy(() -> PathTemplate.parse(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("path: \"" + template + "\"");
  }
}
