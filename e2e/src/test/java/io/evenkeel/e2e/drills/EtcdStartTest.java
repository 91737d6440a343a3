package io.evenkeel.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.demo.DemoServices;
import io.evenkeel.demo.order.GetOrderRequest;
import io.evenkeel.demo.order.GetOrderResponse;
import io.evenkeel.demo.order.OrderServiceGrpc;
import io.evenkeel.server.EvenkeelServer;
import io.evenkeel.server.settings.ServerSetting;
import io.evenkeel.server.settings.ServerSettings;
import io.evenkeel.testkit.process.EtcdServer;
import io.evenkeel.testkit.process.RequiresServer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What calls do when etcd is down as the client starts. */
@RequiresServer({"etcd", "etcdctl"})
@Timeout(120)
class EtcdStartTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final GetOrderRequest REQUEST = GetOrderRequest.newBuilder().setId("1").build();

  @TempDir private Path directory;
  private EvenkeelServer server;
  private EtcdServer etcd;

  @BeforeEach
  void start() throws Exception {
    ServerSettings settings =
        ServerSettings.defaults()
            .with(ServerSetting.ID, "a")
            .with(ServerSetting.DRAIN_DELAY, Duration.ZERO);
    server = DemoServices.start("order", settings, Map.of(), step -> {});
    etcd = EtcdServer.start(directory);
    etcd.ctl("put", "orders/a", "{\"Addr\":\"127.0.0.1:" + server.port() + "\"}");
    etcd.kill();
  }

  @AfterEach
  void stop() {
    etcd.close();
    server.close();
  }

  @Test
  void call_etcdDown_failsAndNamesEtcd() {
    EvenkeelChannel channel = channel("");
    try {
      StatusRuntimeException failure =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  OrderServiceGrpc.newBlockingStub(channel)
                      .withDeadlineAfter(BOUND.toSeconds(), TimeUnit.SECONDS)
                      .getOrder(REQUEST));

      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(failure.getStatus().getDescription())
          .contains("etcd at " + etcd.address(), "Connection refused");
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void call_waitsForReady_worksOnceEtcdIsUp() throws Exception {
    EvenkeelChannel channel = channel("");
    try {
      ListenableFuture<GetOrderResponse> waiting =
          OrderServiceGrpc.newFutureStub(channel)
              .withWaitForReady()
              .withDeadlineAfter(BOUND.toSeconds(), TimeUnit.SECONDS)
              .getOrder(REQUEST);

      etcd.launch();

      assertThat(waiting.get().getServedBy()).isEqualTo("a");
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void call_etcdDownWithAFallback_works() {
    EvenkeelChannel channel = channel("?fallback=fixed:///127.0.0.1:" + server.port());
    try {
      GetOrderResponse answer =
          OrderServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(BOUND.toSeconds(), TimeUnit.SECONDS)
              .getOrder(REQUEST);

      assertThat(answer.getServedBy()).isEqualTo("a");
    } finally {
      channel.shutdownNow();
    }
  }

  private EvenkeelChannel channel(String query) {
    return Evenkeel.channel("etcd://" + etcd.address() + "/orders" + query).plaintext().build();
  }
}
