package io.evenkeel.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.Targets;
import io.evenkeel.discovery.DiscoveryContext;
import java.net.URI;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsulTargetTest {

  @ParameterizedTest
  @CsvSource({
    "consul://10.0.0.1:8500/orders, consul at 10.0.0.1:8500",
    "consul:///orders, consul at 127.0.0.1:8500",
    "consul://a.example/orders/, consul at a.example:8500",
    "'consul://a,b:8501/orders', 'consul at a:8501,b:8501'",
    "'consul://a:8501,b:8502/orders', 'consul at a:8501,b:8502'",
    "'consul://[::1]:8501/orders', 'consul at [0:0:0:0:0:0:0:1]:8501'",
  })
  void service_agents_areRead(String target, String expected) {
    ConsulTarget read = ConsulTarget.service(URI.create(Targets.escape(target)));

    assertThat(read.service()).isEqualTo("orders");
    assertThat(read.describe()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "consul://a:8500, names no service",
    "consul://a:8500/, names no service",
    "consul://a:8500/prod/orders, more than a service in the path",
    "consul:orders, malformed",
    "consul://a:0/orders, port 0",
    "'consul://a,,b/orders', neither a host name",
    "consul://a:8500/orders?passing=yes, true or false",
    "consul://a:8500/orders?stale=true&consistent=true, one of them",
    "consul://a:8500/orders?wait=1h, ?wait",
    "'consul://a:8500/orders?tag=a,,b', ?tag",
    "consul://a:8500/orders?tags=a, did you mean \"tag\"",
  })
  void open_wrongTarget_isRefused(String target, String message) {
    URI uri = URI.create(target);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ConsulDiscoveryProvider().open(uri, unused()))
        .withMessageContaining(message);
  }

  @Test
  void registry_tokenInTheUri_isRefusedWithoutShowingIt() {
    URI uri = URI.create("consul://:secret@127.0.0.1:8500");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConsulTarget.registry(uri))
        .withMessageContaining("EVENKEEL_CONSUL_TOKEN")
        .withMessageNotContaining("secret");
  }

  private static DiscoveryContext unused() {
    return new DiscoveryContext(
        Runnable::run, new ScheduledThreadPoolExecutor(0), System::nanoTime, () -> 0.5);
  }
}
