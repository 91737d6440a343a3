package io.evenkeel.discovery.fixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.testkit.FakeClock;
import io.grpc.EquivalentAddressGroup;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.Uri;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FixedDiscoveryProviderTest {
  private final FakeClock clock = new FakeClock();
  private final SynchronizationContext syncContext =
      new SynchronizationContext(
          (thread, e) -> {
            throw new AssertionError(e);
          });
  private final FixedDiscoveryProvider provider = new FixedDiscoveryProvider();

  @Test
  void newNameResolver_anotherScheme_isNotOurs() {
    assertThat(provider.newNameResolver(URI.create("dns:///a:1"), args())).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fixed:///127.0.0.1:1,127.0.0.1:2",
        "fixed:///127.0.0.1:1;weight=9;zone=a,127.0.0.1:2;weight=1",
        "fixed:///%5B::1%5D:1,%5B::1%5D:2",
        "fixed:127.0.0.1:1,127.0.0.1:2"
      })
  void newNameResolver_bothKindsOfUri_giveTheSameEndpoints(String target) throws Exception {
    List<EquivalentAddressGroup> fromJava =
        resolve(provider.newNameResolver(new URI(target), args()));
    List<EquivalentAddressGroup> fromGrpc =
        resolve(provider.newNameResolver(Uri.parse(target), args()));

    assertThat(fromGrpc).hasSize(2).isEqualTo(fromJava);
  }

  @Test
  void newNameResolver_localhost_isOneEndpointOfAllItsAddresses() throws Exception {
    int addresses = InetAddress.getAllByName("localhost").length;

    List<EquivalentAddressGroup> groups =
        resolve(provider.newNameResolver(URI.create("fixed:///localhost:1"), args()));

    assertThat(groups).hasSize(1);
    assertThat(groups.get(0).getAddresses()).hasSize(addresses);
    assertThat(((InetSocketAddress) groups.get(0).getAddresses().get(0)).getHostString())
        .isEqualTo("localhost");
  }

  @Test
  void getServiceAuthority_severalEntries_isTheFirst() {
    NameResolver resolver =
        provider.newNameResolver(URI.create("fixed:///a.example:1;weight=3,b.example:2"), args());

    assertThat(resolver.getServiceAuthority()).isEqualTo("a.example:1");
  }

  @Test
  void start_severalEntries_onlyTheOthersOverrideTheAuthority() {
    List<EquivalentAddressGroup> groups =
        resolve(provider.newNameResolver(URI.create("fixed:///127.0.0.1:1,127.0.0.1:2"), args()));

    assertThat(groups)
        .extracting(g -> g.getAttributes().get(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE))
        .containsExactly(null, "127.0.0.1:2");
  }

  @Test
  void registry_ofTheClassPath_knowsTheScheme() {
    ManagedChannel channel =
        Grpc.newChannelBuilder("fixed:///127.0.0.1:1", InsecureChannelCredentials.create()).build();

    assertThat(channel.authority()).isEqualTo("127.0.0.1:1");
    channel.shutdownNow();
  }

  @Test
  void build_malformedEntry_refusesTheChannel() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Grpc.newChannelBuilder(
                        "fixed:///127.0.0.1:1,orders", InsecureChannelCredentials.create())
                    .build())
        .withMessageContaining("entry \"orders\": \"orders\": has no port");
  }

  private List<EquivalentAddressGroup> resolve(NameResolver resolver) {
    CompletableFuture<List<EquivalentAddressGroup>> found = new CompletableFuture<>();
    syncContext.execute(
        () ->
            resolver.start(
                new NameResolver.Listener2() {
                  @Override
                  public Status onResult2(NameResolver.ResolutionResult result) {
                    found.complete(result.getAddressesOrError().getValue());
                    return Status.OK;
                  }

                  @Override
                  public void onResult(NameResolver.ResolutionResult result) {
                    throw new AssertionError("onResult2 is what returns the verdict");
                  }

                  @Override
                  public void onError(Status error) {
                    found.completeExceptionally(error.asException());
                  }
                }));
    try {
      return found.orTimeout(10, TimeUnit.SECONDS).join();
    } finally {
      syncContext.execute(resolver::shutdown);
    }
  }

  private NameResolver.Args args() {
    return NameResolver.Args.newBuilder()
        .setDefaultPort(443)
        .setProxyDetector(address -> null)
        .setSynchronizationContext(syncContext)
        .setScheduledExecutorService(clock)
        .setOffloadExecutor(Runnable::run)
        .setServiceConfigParser(
            new NameResolver.ServiceConfigParser() {
              @Override
              public NameResolver.ConfigOrError parseServiceConfig(Map<String, ?> raw) {
                return NameResolver.ConfigOrError.fromConfig(raw);
              }
            })
        .build();
  }
}
