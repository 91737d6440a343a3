package io.evenkeel.benchmarks.loopback;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A process that is as many servers as there are addresses 127.x.y.z: one server of {@link Echo} on
 * all addresses of the machine, which a socket must listen on to answer on more than one. Prints
 * its port; then, for each line that it is sent, as soon as no client is connected, how many
 * handshakes have run at a time since. Ends when its standard input does. Arguments: {@link
 * Security}, and the file that it needs.
 */
public final class ManyAddressServer {
  /** Ten thousand servers would not share one queue of connections to be accepted. */
  private static final int BACKLOG = 65_535;

  /** Clients leave without a word: gRPC would log each of their calls that is still open. */
  private static final Logger QUIET = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty");

  private ManyAddressServer() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    QUIET.setLevel(Level.SEVERE);
    HandshakeCounter counter = new HandshakeCounter();
    InetAddress anyAddress = new InetSocketAddress(0).getAddress();
    Server server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(anyAddress, 0),
                Security.valueOf(arguments[0]).server(Path.of(arguments[1])))
            .channelFactory(counter::newServerSocket)
            .bossEventLoopGroup(threads(1))
            .workerEventLoopGroup(threads(Runtime.getRuntime().availableProcessors()))
            .withOption(ChannelOption.SO_BACKLOG, BACKLOG)
            .directExecutor()
            .addTransportFilter(counter)
            .addService(Echo.service())
            .build()
            .start();
    System.out.println(server.getPort());
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    while (input.readLine() != null) {
      System.out.println(counter.awaitNoConnection());
    }
    server.shutdownNow();
    System.exit(0);
  }

  private static EventLoopGroup threads(int count) {
    return new MultiThreadIoEventLoopGroup(count, EpollIoHandler.newFactory());
  }

  /** The address of the server number {@code index}: 127.1.0.0 and those after it. */
  static InetAddress address(int index) {
    byte[] ip = {127, (byte) (1 + (index >> 16)), (byte) (index >> 8), (byte) index};
    try {
      return InetAddress.getByAddress(ip);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
