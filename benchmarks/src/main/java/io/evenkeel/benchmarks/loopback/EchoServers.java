package io.evenkeel.benchmarks.loopback;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Three servers of {@link Echo} in this JVM, on loopback. */
final class EchoServers implements AutoCloseable {
  private static final int SERVERS = 3;

  private final List<Server> servers = new ArrayList<>();

  EchoServers(CallThreads threads) throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    for (int i = 0; i < SERVERS; i++) {
      NettyServerBuilder builder =
          NettyServerBuilder.forAddress(anyPort).addService(Echo.service());
      threads.apply(builder);
      servers.add(builder.build().start());
    }
  }

  /** Each server's {@code host:port}. */
  List<String> addresses() {
    return servers.stream().map(server -> "127.0.0.1:" + server.getPort()).toList();
  }

  @Override
  public void close() {
    servers.forEach(Server::shutdownNow);
  }
}
