package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fixed:///[::1]:80,[::2]:81|fixed:///%5B::1%5D:80,%5B::2%5D:81",
        "fixed:///a:1,b:2|fixed:///a:1,b:2",
        "etcd://[::1]:2379/orders|etcd://[::1]:2379/orders",
        "etcd://a:2379,b:2380/orders?x=a:1,b:2|etcd://a%3A2379,b%3A2380/orders?x=a:1,b:2",
        "etcd://[::1]:2379,b:2379/orders|etcd://%5B%3A%3A1%5D%3A2379,b%3A2379/orders",
        "etcd://a,b:2379|etcd://a,b%3A2379",
        "localhost:80|localhost:80",
        "[::1]:80|[::1]:80"
      })
  void escape_target_escapesWhatHasNoRoomInAUri(String written, String parseable) {
    assertThat(Targets.escape(written)).isEqualTo(parseable);
  }

  @ParameterizedTest
  @CsvSource({
    "etcd://root:secret@a:2379/orders,etcd://…@a:2379/orders",
    "etcd://root:se@cret@a/orders,etcd://…@a/orders",
    "etcd://root:secret@a?x=y,etcd://…@a?x=y",
    "etcd:root:secret@a/orders,etcd:…@a/orders",
    "etcd://a:2379/a@b,etcd://a:2379/a@b",
    "file:///run/a@b,file:///run/a@b",
    "localhost:80,localhost:80",
    "orders,orders"
  })
  void redact_target_leavesTheUserOut(String target, String shown) {
    assertThat(Targets.redact(target)).isEqualTo(shown);
  }
}
