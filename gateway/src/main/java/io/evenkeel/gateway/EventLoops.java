package io.evenkeel.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The threads of one gateway. They are its own, where Armeria would share a pool that nothing ever
 * ends, and they know the listening socket, which Armeria closes only after the last request.
 */
final class EventLoops extends MultiThreadIoEventLoopGroup {
  private static final long SHUTDOWN_SECONDS = 1;

  private final Set<Channel> listening = ConcurrentHashMap.newKeySet();

  EventLoops() {
    super(
        Runtime.getRuntime().availableProcessors(),
        new DefaultThreadFactory("evenkeel-gateway", false),
        NioIoHandler.newFactory());
  }

  @Override
  public ChannelFuture register(Channel channel) {
    if (channel instanceof ServerChannel) {
      listening.add(channel);
    }
    return super.register(channel);
  }

  /** Accepts no further connection; those there are live on. */
  void stopListening() {
    for (Channel channel : listening) {
      ChannelFuture unused = channel.close();
    }
  }

  /** Runs {@code task} on one of these threads after a delay. */
  void runLater(Runnable task, long delayNanos) {
    Future<?> unused = schedule(task, delayNanos, TimeUnit.NANOSECONDS);
  }

  /** Ends the threads; a gateway that never started has none. */
  void end() {
    Future<?> unused = shutdownGracefully();
  }

  /** Without the quiet period of two seconds: whoever calls this has waited for the requests. */
  @Override
  public Future<?> shutdownGracefully() {
    return shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
  }
}
