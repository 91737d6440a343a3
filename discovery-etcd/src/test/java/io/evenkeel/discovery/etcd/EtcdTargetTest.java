package io.evenkeel.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.Targets;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EtcdTargetTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "etcd://10.0.0.1:2379/orders|10.0.0.1:2379|orders/",
        "etcd://10.0.0.1/orders|10.0.0.1:2379|orders/",
        "etcd:///orders|127.0.0.1:2379|orders/",
        "etcd://h:1/prod/orders/|h:1|prod/orders/",
        "etcd://h:1/orders?codec=go|h:1|orders/",
        "etcd://a,b,c:1/orders|a:1,b:1,c:1|orders/",
        "etcd://a,b/orders|a:2379,b:2379|orders/",
        "etcd://a:1,b:2/orders|a:1,b:2|orders/",
        "etcd://a%3A1,b%3A2/orders|a:1,b:2|orders/",
        "etcd://[::1]:1/orders|[0:0:0:0:0:0:0:1]:1|orders/",
        "etcd://%5B%3A%3A1%5D%3A1,%5B%3A%3A2%5D%3A2/o|[0:0:0:0:0:0:0:1]:1,[0:0:0:0:0:0:0:2]:2|o/"
      })
  void service_uri_hasMembersAndPrefix(URI uri, String members, String prefix) {
    EtcdTarget target = EtcdTarget.service(uri);

    assertThat(target.memberList()).isEqualTo(members);
    assertThat(target.prefix()).isEqualTo(prefix);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"etcd://h:1|orders/", "etcd://h:1/|orders/", "etcd://h:1/prod|prod/orders/"})
  void registry_service_isBelowItsPath(URI uri, String prefix) {
    assertThat(EtcdTarget.registry(uri).service("orders").prefix()).isEqualTo(prefix);
  }

  @ParameterizedTest
  @ValueSource(strings = {"etcd://h:1", "etcd://h:1/", "etcd:///"})
  void service_noPath_isRefused(URI uri) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EtcdTarget.service(uri))
        .withMessageContaining("names no service")
        .withMessageContaining("etcd://host:2379/service");
  }

  @ParameterizedTest
  @ValueSource(strings = {"etcd://h:0/o", "etcd://a,,b:1/o", "etcd://h:1/a//b", "etcd://h:1/o#x"})
  void service_malformed_isQuoted(URI uri) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EtcdTarget.service(uri))
        .withMessageContaining("\"" + uri + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"etcd://root:secret@h:1/o", "etcd://root%3Asecret@h:1,i:2/o"})
  void service_credentialsInTheUri_areRefusedAndNotQuoted(URI uri) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EtcdTarget.service(uri))
        .withMessageContaining("EVENKEEL_ETCD_PASSWORD")
        .withMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "etcd://127.0.0.1:1/orders",
        "etcd://127.0.0.1,127.0.0.2,127.0.0.3:1/orders",
        "etcd://127.0.0.1:1,127.0.0.2:2/orders",
        "etcd://[::1]:1,[::1]:2/orders?codec=go"
      })
  void escape_anyForm_isATargetForGrpc(String target) {
    ManagedChannel channel =
        Grpc.newChannelBuilder(Targets.escape(target), InsecureChannelCredentials.create()).build();

    assertThat(channel.authority()).isEqualTo("orders");
    channel.shutdownNow();
  }

  @Test
  void describe_severalMembers_namesAll() {
    EtcdTarget target = EtcdTarget.service(URI.create("etcd://a,b:1/orders"));

    assertThat(target.describe()).isEqualTo("etcd at a:1,b:1");
  }
}
