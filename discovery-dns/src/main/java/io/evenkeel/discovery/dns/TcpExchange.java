package io.evenkeel.discovery.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.xbill.DNS.Message;

/** A query over a connection of its own; each message follows its length in two bytes. */
final class TcpExchange extends Exchange {
  private static final int LENGTH_BYTES = 2;

  private final SocketChannel channel;
  private final ByteBuffer out;
  private ByteBuffer in = ByteBuffer.allocate(LENGTH_BYTES);
  private boolean lengthKnown;

  TcpExchange(InetSocketAddress server, Message query, long endNanos) throws IOException {
    this(SocketChannel.open(), server, query, endNanos);
  }

  private TcpExchange(SocketChannel channel, InetSocketAddress server, Message query, long endNanos)
      throws IOException {
    super(channel, query, endNanos);
    this.channel = channel;
    byte[] message = query.toWire();
    this.out = ByteBuffer.allocate(LENGTH_BYTES + message.length);
    out.putShort((short) message.length).put(message).flip();
    try {
      channel.configureBlocking(false);
      channel.connect(server);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  int firstOperation() {
    return SelectionKey.OP_CONNECT;
  }

  @Override
  void ready(SelectionKey key) throws IOException {
    if (key.isConnectable()) {
      channel.finishConnect();
      key.interestOps(SelectionKey.OP_WRITE);
    } else if (key.isWritable()) {
      channel.write(out);
      if (!out.hasRemaining()) {
        key.interestOps(SelectionKey.OP_READ);
      }
    } else if (key.isReadable()) {
      read();
    }
  }

  private void read() throws IOException {
    if (channel.read(in) < 0) {
      throw new IOException("closed the connection before its answer was complete");
    }
    if (in.hasRemaining()) {
      return;
    }
    if (!lengthKnown) {
      lengthKnown = true;
      in = ByteBuffer.allocate(Short.toUnsignedInt(in.getShort(0)));
      return;
    }
    Message answer = parse(in.array());
    if (answer == null) {
      throw new IOException("answered something else over TCP");
    }
    succeed(answer);
  }
}
