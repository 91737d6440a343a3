package io.evenkeel.benchmarks.loopback;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.Set;

/**
 * Knows a server's connections from the moment they are accepted, and so how many were in their
 * handshake at the same time. Thread-safe.
 */
final class HandshakeCounter extends ServerTransportFilter {
  private final Set<SocketAddress> shaking = new HashSet<>(); // guarded by this, as all else
  private int connections; // beyond their handshake
  private int most;

  /** A socket that tells this counter of each connection that it accepts. */
  ServerChannel newServerSocket() {
    EpollServerSocketChannel socket = new EpollServerSocketChannel();
    socket.pipeline().addFirst(new Acceptances());
    return socket;
  }

  @Override
  public synchronized Attributes transportReady(Attributes attributes) {
    shaking.remove(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    connections++;
    return attributes;
  }

  @Override
  public synchronized void transportTerminated(Attributes attributes) {
    connections--;
    notifyAll();
  }

  /** Waits until nobody is connected; how many handshakes ran at a time since it was last asked. */
  synchronized int awaitNoConnection() throws InterruptedException {
    while (connections > 0 || !shaking.isEmpty()) {
      wait();
    }
    int answer = most;
    most = 0;
    return answer;
  }

  private synchronized void accepted(SocketAddress client) {
    shaking.add(client);
    most = Math.max(most, shaking.size());
  }

  private synchronized void closed(SocketAddress client) {
    shaking.remove(client);
    notifyAll();
  }

  private final class Acceptances extends ChannelInboundHandlerAdapter {
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // addListener returns what it was called on
    public void channelRead(ChannelHandlerContext server, Object connection) {
      Channel accepted = (Channel) connection;
      SocketAddress client = accepted.remoteAddress();
      accepted(client);
      accepted.closeFuture().addListener(end -> closed(client));
      server.fireChannelRead(connection);
    }
  }
}
