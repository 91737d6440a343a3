package io.evenkeel.benchmarks.loopback;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * A process that is as many servers as there are addresses 127.x.y.z: one server of {@link Echo} on
 * all addresses of the machine, which a socket must listen on to answer on more than one. Prints
 * its port, and ends when its standard input does.
 */
public final class ManyAddressServer {
  /** Ten thousand servers would not share one queue of connections to be accepted. */
  private static final int BACKLOG = 65_535;

  private ManyAddressServer() {}

  public static void main(String[] arguments) throws IOException {
    InetAddress anyAddress = new InetSocketAddress(0).getAddress();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(anyAddress, 0))
            .withOption(ChannelOption.SO_BACKLOG, BACKLOG)
            .directExecutor()
            .addService(Echo.service())
            .build()
            .start();
    System.out.println(server.getPort());
    ChildProcess.awaitParent();
    server.shutdownNow();
    System.exit(0);
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
