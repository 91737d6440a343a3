package io.evenkeel.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Evenkeel;
import io.evenkeel.EvenkeelChannel;
import io.evenkeel.load.LoadReport;
import io.evenkeel.load.LoadReportMethod;
import io.evenkeel.server.settings.LoadReports;
import io.evenkeel.server.settings.ServerSetting;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients hear of a server's load. */
final class ServerLoadReportsTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final Gate gate = new Gate();

  @BeforeEach
  void open() {
    gate.open();
  }

  @Test
  void trailers_wanted_tellTheCallsAndTheOwnUtilization() throws Exception {
    try (EvenkeelServer server = reporting(LoadReports.TRAILERS).utilization(() -> 0.4).start();
        Client client = new Client(server.port())) {
      AtomicReference<LoadReport> last = new AtomicReference<>();

      boolean reported = Eventually.holds(() -> reportOf(client, last) != null);

      assertThat(reported).isTrue();
      assertThat(last.get().callsPerSecond()).isPositive();
      assertThat(last.get().processors()).isPositive();
      assertThat(last.get().application()).isEqualTo(0.4);
    }
  }

  @Test
  void trailers_callFails_tellTheErrorsToo() throws Exception {
    ServerInterceptor failing = refusing(Status.RESOURCE_EXHAUSTED);
    try (EvenkeelServer server = reporting(LoadReports.TRAILERS).intercept(failing).start();
        Client client = new Client(server.port())) {
      AtomicReference<LoadReport> last = new AtomicReference<>();

      boolean reported = Eventually.holds(() -> reportOf(client, last) != null);

      assertThat(reported).isTrue();
      assertThat(last.get().errorsPerSecond()).isEqualTo(last.get().callsPerSecond()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = LoadReports.class,
      names = {"OFF", "TRAILERS"})
  void stream_notWanted_isUnimplemented(LoadReports reports) throws Exception {
    try (EvenkeelServer server = reporting(reports).start();
        Client client = new Client(server.port())) {
      assertThat(Status.fromThrowable(failureOf(reports(client.channel(), Duration.ZERO))))
          .extracting(Status::getCode)
          .isEqualTo(Status.Code.UNIMPLEMENTED);
    }
  }

  @Test
  void stream_wanted_goesOnUntilTheServerStops() throws Exception {
    EvenkeelServer server =
        EvenkeelServer.builder(Servers.NAME)
            .settings(
                Servers.settings()
                    .with(ServerSetting.LOAD_REPORTS, LoadReports.STREAM)
                    .with(ServerSetting.DRAIN_TIMEOUT, Duration.ofDays(1)))
            .plaintext()
            .addService(gate.service())
            .utilization(() -> 0.4)
            .start();
    try (server;
        Client client = new Client(server.port())) {
      Iterator<byte[]> reports = reports(client.channel(), Duration.ofMillis(1));
      reports.next(); // nothing is measured yet, as a rule
      LoadReport second = LoadReport.decode(reports.next());
      int counted = server.callsInFlight();

      // Would last a day if the stream were waited for.
      server.close();

      assertThat(second.application()).isEqualTo(0.4);
      assertThat(counted).isZero();
      assertThat(Status.fromThrowable(failureOf(reports)).getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(Eventually.holds(() -> reportThreads() == 0)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = LoadReports.class,
      names = {"TRAILERS", "STREAM"})
  void client_weighsByReports_sendsMoreToTheServerWithMoreRoom(LoadReports reports)
      throws Exception {
    AtomicInteger roomy = new AtomicInteger();
    AtomicInteger busy = new AtomicInteger();
    try (EvenkeelServer first = server(reports, 0.2, roomy);
        EvenkeelServer second = server(reports, 0.8, busy);
        Closing client = new Closing(weighing(reports, first, second))) {
      client.channel().awaitReady(2, BOUND);

      boolean shifted = Eventually.holds(() -> share(client.channel(), roomy, busy) > 0.6);

      assertThat(shifted).isTrue();
    }
  }

  private EvenkeelServerBuilder reporting(LoadReports reports) {
    return Servers.builder(gate)
        .settings(Servers.settings().with(ServerSetting.LOAD_REPORTS, reports));
  }

  private EvenkeelServer server(LoadReports reports, double utilization, AtomicInteger calls)
      throws Exception {
    return reporting(reports).utilization(() -> utilization).intercept(counting(calls)).start();
  }

  private static EvenkeelChannel weighing(LoadReports reports, EvenkeelServer... servers) {
    String target = "fixed:///";
    for (EvenkeelServer server : servers) {
      target += "127.0.0.1:" + server.port() + ",";
    }
    Map<String, Object> config =
        Map.of(
            "enableOobLoadReport",
            reports == LoadReports.STREAM,
            "oobReportingPeriod",
            "1s",
            "blackoutPeriod",
            "0s",
            "weightUpdatePeriod",
            "0.1s");
    return Evenkeel.channel(target.substring(0, target.length() - 1))
        .plaintext()
        .policy("weighted_round_robin", config)
        .build();
  }

  /** The part of a hundred calls that went to the first of two servers. */
  private static double share(Channel channel, AtomicInteger first, AtomicInteger second) {
    first.set(0);
    second.set(0);
    for (int i = 0; i < 100; i++) {
      pass(channel);
    }
    return (double) first.get() / (first.get() + second.get());
  }

  private static void pass(Channel channel) {
    String unused =
        ClientCalls.blockingUnaryCall(
            channel,
            Gate.PASS,
            CallOptions.DEFAULT.withDeadlineAfter(BOUND.toSeconds(), TimeUnit.SECONDS),
            "");
  }

  private static LoadReport reportOf(Client client, AtomicReference<LoadReport> last) {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    ClientInterceptor capturing = MetadataUtils.newCaptureMetadataInterceptor(headers, trailers);
    try {
      Status unused = Client.statusOf(client.call("", CallOptions.DEFAULT, capturing));
      byte[] report = trailers.get().get(LoadReport.TRAILER);
      last.set(report == null ? null : LoadReport.decode(report));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return last.get();
  }

  private static Iterator<byte[]> reports(Channel channel, Duration interval) {
    return ClientCalls.blockingServerStreamingCall(
        channel, LoadReportMethod.DESCRIPTOR, CallOptions.DEFAULT, interval);
  }

  private static Throwable failureOf(Iterator<byte[]> reports) {
    try {
      while (true) {
        byte[] unused = reports.next();
      }
    } catch (RuntimeException failed) {
      return failed;
    }
  }

  private static ServerInterceptor counting(AtomicInteger calls) {
    return new ServerInterceptor() {
      @Override
      public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
          ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        if (call.getMethodDescriptor().getServiceName().equals(Gate.SERVICE)) {
          calls.incrementAndGet();
        }
        return next.startCall(call, headers);
      }
    };
  }

  private static ServerInterceptor refusing(Status status) {
    return new ServerInterceptor() {
      @Override
      public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
          ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
      }
    };
  }

  private static long reportThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("evenkeel-load-reports"))
        .count();
  }

  /** Ends a channel at the end of a test. */
  private record Closing(EvenkeelChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      channel.shutdownNow();
    }
  }
}
