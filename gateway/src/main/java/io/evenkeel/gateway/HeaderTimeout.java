package io.evenkeel.gateway;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes an HTTP/1 connection whose client has begun a request and does not get through with its
 * headers: Armeria's request timeout begins after them, and its idle timeout at every byte. HTTP/2
 * connections are left to their maximum age.
 *
 * <p>Used on its connection's event loop only.
 */
final class HeaderTimeout extends ChannelInboundHandlerAdapter {
  private static final String HTTP2_PREFACE = "PRI";

  private final long timeoutNanos;
  private final StringBuilder firstBytes = new StringBuilder();
  private int requests;
  private @Nullable Future<?> pending;

  HeaderTimeout(long timeoutNanos) {
    this.timeoutNanos = timeoutNanos;
  }

  /** Tells the guard of a request's connection that its headers are complete. */
  static void headersComplete(ServiceRequestContext ctx) {
    Channel channel = ctx.log().partial().channel();
    HeaderTimeout guard = channel == null ? null : channel.pipeline().get(HeaderTimeout.class);
    if (channel == null || guard == null) {
      return;
    }
    if (ctx.sessionProtocol().isExplicitHttp2()) {
      channel.pipeline().remove(guard);
      return;
    }
    guard.requestBegins();
    var unused = ctx.log().whenComplete().thenRunAsync(guard::requestEnds, channel.eventLoop());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes && speaksHttp2(bytes)) {
      disarm();
      ctx.pipeline().remove(this);
    } else if (requests == 0 && pending == null) {
      pending = ctx.executor().schedule(() -> close(ctx), timeoutNanos, TimeUnit.NANOSECONDS);
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    disarm();
  }

  private boolean speaksHttp2(ByteBuf bytes) {
    for (int i = bytes.readerIndex();
        i < bytes.writerIndex() && firstBytes.length() < HTTP2_PREFACE.length();
        i++) {
      firstBytes.append((char) bytes.getByte(i));
    }
    return HTTP2_PREFACE.contentEquals(firstBytes);
  }

  private static void close(ChannelHandlerContext ctx) {
    ChannelFuture unused = ctx.close();
  }

  private void requestBegins() {
    requests++;
    disarm();
  }

  private void requestEnds() {
    requests--;
  }

  private void disarm() {
    if (pending != null) {
      pending.cancel(false);
      pending = null;
    }
  }
}
