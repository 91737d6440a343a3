package io.evenkeel.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.fixture.Channels;
import io.evenkeel.fixture.Echo;
import io.evenkeel.fixture.Eventually;
import io.evenkeel.fixture.TestDiscovery;
import io.evenkeel.fixture.TlsServer;
import io.evenkeel.testkit.ThrowawayCertificate;
import io.grpc.Attributes;
import io.grpc.ClientTransportFilter;
import io.grpc.EquivalentAddressGroup;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How real connections to very many endpoints are made, with real TLS. */
final class TlsHandshakesTest {
  private static final int ENDPOINTS = 200;
  private static final int LIMIT = 20;

  @TempDir static Path folder;
  private static Path certificate = Path.of("");
  private static final EventLoopGroup THREADS =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

  private final Handshakes handshakes = new Handshakes();

  @BeforeAll
  static void makeCertificate() throws IOException {
    certificate = folder.resolve("certificate.p12");
    ThrowawayCertificate.make(certificate);
  }

  @AfterAll
  static void stopThreads() throws Exception {
    Object unused = THREADS.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync().get();
  }

  @Test
  void connect_manyEndpoints_neverMoreHandshakesThanTheLimit() throws IOException {
    try (TlsServer server = new TlsServer(ENDPOINTS, certificate)) {
      ManagedChannel channel = channelTo(server.groups());
      channel.getState(true);

      Eventually.await("all are connected", () -> handshakes.done() == ENDPOINTS);

      Channels.close(channel);
      assertThat(handshakes.most()).isBetween(ConnectGate.FIRST_TURNS, LIMIT);
    }
  }

  @Test
  void connect_allButOneHangInTheirHandshake_theOneServesMeanwhile() throws IOException {
    List<ServerSocket> silent = silentSockets(ConnectGate.FIRST_TURNS - 1);
    try (TlsServer server = new TlsServer(1, certificate)) {
      List<EquivalentAddressGroup> groups = new ArrayList<>(server.groups());
      silent.forEach(socket -> groups.add(0, groupOf(socket)));
      ManagedChannel channel = channelTo(groups);

      String answer = Echo.call(channel);

      int running = handshakes.running();
      Channels.close(channel);
      assertThat(answer).isEqualTo("tls");
      assertThat(running).isEqualTo(silent.size());
    } finally {
      for (ServerSocket socket : silent) {
        socket.close();
      }
    }
  }

  private ManagedChannel channelTo(List<EquivalentAddressGroup> groups) throws IOException {
    return NettyChannelBuilder.forTarget(
            TestDiscovery.inet().groups(groups).target(), ThrowawayCertificate.channel(certificate))
        .overrideAuthority(ThrowawayCertificate.NAME)
        .defaultServiceConfig(
            Channels.serviceConfig(Map.of("connect", Map.of("maxConcurrent", LIMIT)), Map.of()))
        .eventLoopGroup(THREADS)
        .channelFactory(handshakes::begin)
        .addTransportFilter(handshakes)
        .build();
  }

  /** Connections to them are made by the kernel, and nobody says a word. */
  private static List<ServerSocket> silentSockets(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()));
    }
    return sockets;
  }

  private static EquivalentAddressGroup groupOf(ServerSocket socket) {
    return Endpoint.of(socket.getLocalSocketAddress()).toAddressGroup();
  }

  /** Counts connections from the socket to the end of the handshake. */
  private static final class Handshakes extends ClientTransportFilter {
    private int running; // guarded by this, as all else
    private int done;
    private int most;

    synchronized Channel begin() {
      most = Math.max(most, ++running);
      return new NioSocketChannel();
    }

    @Override
    public synchronized Attributes transportReady(Attributes attributes) {
      running--;
      done++;
      return attributes;
    }

    synchronized int done() {
      return done;
    }

    synchronized int running() {
      return running;
    }

    synchronized int most() {
      return most;
    }
  }
}
