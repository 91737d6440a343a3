package io.evenkeel.discovery.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.Arrays;
import org.xbill.DNS.Message;

/**
 * A query in one datagram. Datagrams that are not its answer are passed over, so that a forged or
 * late one cannot end it.
 */
final class UdpExchange extends Exchange {
  private static final int MAX_DATAGRAM = 65_535;

  /** More than these are an attack or a server gone mad; another server is asked then. */
  private static final int MAX_PASSED_OVER = 100;

  private final DatagramChannel channel;
  private int passedOver;

  UdpExchange(InetSocketAddress server, Message query, long endNanos) throws IOException {
    this(DatagramChannel.open(), server, query, endNanos);
  }

  private UdpExchange(
      DatagramChannel channel, InetSocketAddress server, Message query, long endNanos)
      throws IOException {
    super(channel, query, endNanos);
    this.channel = channel;
    try {
      channel.configureBlocking(false);
      // Connected: the system passes on what comes from this server only, and its refusal.
      channel.connect(server);
      channel.write(ByteBuffer.wrap(query.toWire()));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  int firstOperation() {
    return SelectionKey.OP_READ;
  }

  @Override
  void ready(SelectionKey key) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(MAX_DATAGRAM);
    try {
      channel.read(buffer);
    } catch (PortUnreachableException e) {
      throw new IOException("refuses connections", e);
    }
    Message answer = parse(Arrays.copyOf(buffer.array(), buffer.position()));
    if (answer != null) {
      succeed(answer);
    } else if (++passedOver >= MAX_PASSED_OVER) {
      fail(new IOException("sends answers to other questions"));
    }
  }
}
