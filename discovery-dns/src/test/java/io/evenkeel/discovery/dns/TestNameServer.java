package io.evenkeel.discovery.dns;

import com.google.common.net.InetAddresses;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.xbill.DNS.Message;

/** A name server on loopback, over UDP and TCP, that answers as the test says. */
final class TestNameServer implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 10_000;

  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final InetSocketAddress address;
  private final Thread udpThread;

  /** What was asked over what. */
  final List<String> questions = new CopyOnWriteArrayList<>();

  /** The datagrams that a query brings, in order. */
  volatile Function<Message, List<byte[]>> overUdp = query -> List.of();

  /** The bytes that a query brings, after which the connection stays open; null to close it. */
  volatile Function<Message, byte[]> overTcp = query -> null;

  TestNameServer() throws IOException {
    InetAddress loopback = InetAddresses.forString("127.0.0.1");
    tcp = new ServerSocket(0, 50, loopback);
    udp = new DatagramSocket(tcp.getLocalPort(), loopback);
    address = (InetSocketAddress) udp.getLocalSocketAddress();
    udpThread = start(this::serveUdp);
    start(this::serveTcp);
  }

  /** Answers from {@code zone}, over both. */
  static TestNameServer serving(Zone zone) throws IOException {
    TestNameServer server = new TestNameServer();
    server.overUdp = query -> List.of(zone.answer(query).toWire());
    server.overTcp = query -> framed(zone.answer(query).toWire());
    return server;
  }

  /** A message as TCP carries it. */
  static byte[] framed(byte[] message) {
    byte[] framed = new byte[message.length + 2];
    framed[0] = (byte) (message.length >> 8);
    framed[1] = (byte) message.length;
    System.arraycopy(message, 0, framed, 2, message.length);
    return framed;
  }

  InetSocketAddress address() {
    return address;
  }

  @CanIgnoreReturnValue
  private static Thread start(Runnable task) {
    Thread thread = new Thread(task, "test name server");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void serveUdp() {
    byte[] buffer = new byte[4096];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        udp.receive(packet);
        Message query = new Message(Arrays.copyOf(buffer, packet.getLength()));
        questions.add("UDP " + query.getQuestion().getName());
        for (byte[] answer : overUdp.apply(query)) {
          udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      }
    } catch (IOException closed) {
      udp.close();
    }
  }

  private void serveTcp() {
    try {
      while (true) {
        Socket socket = tcp.accept();
        start(() -> serve(socket));
      }
    } catch (IOException closed) {
      udp.close();
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      byte[] bytes = new byte[in.readUnsignedShort()];
      in.readFully(bytes);
      Message query = new Message(bytes);
      questions.add("TCP " + query.getQuestion().getName());
      byte[] answer = overTcp.apply(query);
      if (answer == null) {
        return;
      }
      out.write(answer);
      out.flush();
      in.read();
    } catch (IOException clientIsGone) {
      questions.add("TCP connection lost");
    }
  }

  /** Returns when nobody listens: the system takes datagrams as long as a thread waits for them. */
  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
    try {
      udpThread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
