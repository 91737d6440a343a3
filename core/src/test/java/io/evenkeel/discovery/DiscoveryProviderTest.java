package io.evenkeel.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.testkit.WatchedTarget;
import io.grpc.Status;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A scheme as a user would write it. */
class DiscoveryProviderTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  @Test
  void newNameResolver_ownScheme_resolves() throws Exception {
    try (WatchedTarget watched =
        new WatchedTarget(new InventoryProvider(), URI.create("inventory:///orders"))) {
      assertThat(watched.next(BOUND).endpoints())
          .extracting(Endpoint::displayAddress)
          .containsExactly("127.0.0.1:1", "127.0.0.1:2");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "inventory:///orders,orders",
    "inventory:///eu/orders/,orders",
    "inventory:///a%20b,a+b",
    "inventory:///,inventory"
  })
  void getServiceAuthority_path_isItsLastSegment(String target, String authority) {
    ResolverHarness harness = new ResolverHarness();

    assertThat(
            new InventoryProvider()
                .newNameResolver(URI.create(target), harness.args())
                .getServiceAuthority())
        .isEqualTo(authority);
  }

  private static final class InventoryProvider extends DiscoveryProvider {
    InventoryProvider() {
      super("inventory");
    }

    @Override
    protected Discovery open(URI target, DiscoveryContext context) {
      return new Discovery() {
        private DiscoveryListener listener = new Nobody();

        @Override
        public void start(DiscoveryListener listener) {
          this.listener = listener;
          refresh();
        }

        @Override
        public void refresh() {
          context
              .offloadExecutor()
              .execute(() -> listener.onEndpoints(ResolverHarness.setOf(1, 2)));
        }

        @Override
        public void close() {
          listener = new Nobody();
        }
      };
    }
  }

  private static final class Nobody implements DiscoveryListener {
    @Override
    public void onEndpoints(EndpointSet endpoints) {}

    @Override
    public void onError(Status status) {}
  }
}
