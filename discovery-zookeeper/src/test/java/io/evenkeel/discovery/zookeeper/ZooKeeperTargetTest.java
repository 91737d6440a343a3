package io.evenkeel.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.Targets;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZooKeeperTargetTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zookeeper://10.0.0.1:2181/orders | 10.0.0.1:2181 | /orders",
        "zookeeper://10.0.0.1/prod/services/orders/ | 10.0.0.1:2181 | /prod/services/orders",
        "zookeeper://a,b:2182/orders | a:2182,b:2182 | /orders",
        "zookeeper://a:2181,b:2182/orders | a:2181,b:2182 | /orders",
        "zookeeper://[::1]:2181,[::2]:2182/orders | [0:0:0:0:0:0:0:1]:2181,[0:0:0:0:0:0:0:2]:2182 | /orders",
        "zookeeper:///orders | 127.0.0.1:2181 | /orders",
      })
  void service_wellFormed_isRead(String target, String members, String path) {
    ZooKeeperTarget read = ZooKeeperTarget.service(URI.create(Targets.escape(target)));

    assertThat(read.memberList()).isEqualTo(members);
    assertThat(read.path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zookeeper://a:2181",
        "zookeeper://a:2181/",
        "zookeeper://a:2181/b//c",
        "zookeeper://a:2181/b/../c",
        "zookeeper://a:0/b",
        "zookeeper:a/b",
        "zookeeper://a:2181/b#c",
      })
  void service_malformed_isRefusedWithAnExample(String target) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ZooKeeperTarget.service(URI.create(target)))
        .withMessageContaining(target)
        .withMessageContaining("zookeeper://host:2181/service");
  }

  @Test
  void child_ofTheRoot_hasOneSlash() {
    ZooKeeperTarget root = ZooKeeperTarget.registry(URI.create("zookeeper://a:2181"));

    assertThat(root.child("orders")).isEqualTo("/orders");
  }
}
