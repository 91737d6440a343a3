package io.evenkeel.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ServerHardeningTest {
  private static final Metadata.Key<String> LARGE =
      Metadata.Key.of("large", Metadata.ASCII_STRING_MARSHALLER);

  private final Gate gate = new Gate();
  private final AtomicInteger connections = new AtomicInteger();

  @Test
  void resets_beyondTheLimit_loseTheConnection() throws Exception {
    ServerSettings settings = Servers.settings().with(ServerSetting.MAX_RESETS_PER_SECOND, 1);
    try (EvenkeelServer server = start(settings);
        Client client = new Client(server.port())) {
      cancelCalls(client, 20);

      assertThat(Eventually.holds(() -> callOnceMore(client) && connections.get() > 1)).isTrue();
    }
  }

  @Test
  void resets_withinTheLimit_keepTheConnection() throws Exception {
    try (EvenkeelServer server = start(Servers.settings());
        Client client = new Client(server.port())) {
      cancelCalls(client, 20);

      assertThat(callOnceMore(client)).isTrue();
      assertThat(connections).hasValue(1);
    }
  }

  @Test
  void calls_beyondTheLimitOfAConnection_waitAtTheClient() throws Exception {
    ServerSettings settings =
        Servers.settings().with(ServerSetting.MAX_CONCURRENT_CALLS_PER_CONNECTION, 1);
    try (EvenkeelServer server = start(settings);
        Client client = new Client(server.port())) {
      // The client learns the limit with the first answer.
      callOnceMore(client);
      ListenableFuture<String> first = client.pass();
      assertThat(gate.awaitArrivals(1)).isTrue();
      CallOptions brief = CallOptions.DEFAULT.withDeadlineAfter(200, TimeUnit.MILLISECONDS);

      Status second = Client.statusOf(client.call("pass", brief));

      assertThat(second.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(gate.hasArrival()).isFalse();
      gate.open();
      assertThat(Client.statusOf(first).isOk()).isTrue();
    }
  }

  @Test
  void metadata_tooLarge_failsTheCallOnly() throws Exception {
    try (EvenkeelServer server = start(Servers.settings());
        Client client = new Client(server.port())) {
      Metadata metadata = new Metadata();
      metadata.put(LARGE, "x".repeat(9 * 1024));

      Status status =
          Client.statusOf(
              client.call(
                  "pass",
                  CallOptions.DEFAULT,
                  MetadataUtils.newAttachHeadersInterceptor(metadata)));

      assertThat(status.isOk()).isFalse();
      assertThat(callOnceMore(client)).isTrue();
      assertThat(connections).hasValue(1);
    }
  }

  @Test
  void message_tooLarge_isResourceExhausted() throws Exception {
    ServerSettings settings = Servers.settings().with(ServerSetting.MAX_MESSAGE_BYTES, 100);
    try (EvenkeelServer server = start(settings);
        Client client = new Client(server.port())) {
      Status status = Client.statusOf(client.call("x".repeat(101), CallOptions.DEFAULT));

      assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
  }

  private EvenkeelServer start(ServerSettings settings) throws IOException {
    ServerTransportFilter counting =
        new ServerTransportFilter() {
          @Override
          public Attributes transportReady(Attributes attributes) {
            connections.incrementAndGet();
            return attributes;
          }
        };
    return EvenkeelServer.builder(Servers.NAME)
        .settings(settings)
        .over(
            Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addTransportFilter(counting))
        .addService(gate.service())
        .start();
  }

  /** A call that dies with its connection instead of arriving is as good as cancelled. */
  private void cancelCalls(Client client, int count) {
    for (int i = 0; i < count; i++) {
      ListenableFuture<String> call = client.pass();
      assertThat(Eventually.holds(() -> gate.hasArrival() || call.isDone())).isTrue();
      call.cancel(true);
    }
  }

  private boolean callOnceMore(Client client) {
    try {
      ListenableFuture<String> call = client.pass();
      boolean arrived = gate.awaitArrivals(1);
      gate.release();
      return arrived && Client.statusOf(call).isOk();
    } catch (Exception e) {
      return false;
    }
  }
}
