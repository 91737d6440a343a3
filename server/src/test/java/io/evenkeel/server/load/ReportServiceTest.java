package io.evenkeel.server.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.load.LoadReportMethod;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReportServiceTest {
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    timer.setRemoveOnCancelPolicy(true);
    LoadMeter meter = new LoadMeter(System::nanoTime, new ProcessorTime.Unknown(), () -> 0);
    String name = InProcessServerBuilder.generateName();
    server =
        InProcessServerBuilder.forName(name)
            .directExecutor()
            .addService(new ReportService(meter, timer))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
    timer.shutdownNow();
  }

  @Test
  void stream_clientLeaves_stopsItsTimer() throws Exception {
    Context.CancellableContext caller = Context.current().withCancellation();
    caller.call(() -> reports(Duration.ofHours(1)).next());

    caller.cancel(null);

    assertThat(timer.getQueue()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"PT0S, PT1S", "PT0.9S, PT1S", "PT10S, PT10S", "PT1H, PT1H", "PT20000H, PT1H"})
  void inRange_asked_isFromOneSecondToOneHour(Duration asked, Duration taken) {
    assertThat(ReportService.inRange(asked)).isEqualTo(taken);
  }

  private Iterator<byte[]> reports(Duration interval) {
    return ClientCalls.blockingServerStreamingCall(
        channel, LoadReportMethod.DESCRIPTOR, CallOptions.DEFAULT, interval);
  }
}
