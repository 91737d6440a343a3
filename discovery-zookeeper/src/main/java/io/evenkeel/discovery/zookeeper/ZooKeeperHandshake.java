package io.evenkeel.discovery.zookeeper;

import io.evenkeel.discovery.HostPort;
import io.evenkeel.discovery.RegistryTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Finds out why no connection by TLS comes about: ZooKeeper's client only says that there is none.
 * Blocks for {@value #TIMEOUT_MILLIS} ms at each step with each member at most, mostly for much
 * less.
 */
final class ZooKeeperHandshake {
  /** Bound on the members that are asked; what is wrong with TLS is mostly wrong with all. */
  private static final int MAX_MEMBERS = 3;

  private static final int TIMEOUT_MILLIS = 500;

  private ZooKeeperHandshake() {}

  /** What is wrong with TLS to the first member with which something is; empty for nothing. */
  static String problem(ZooKeeperTarget target, RegistryTls tls) {
    SSLContext context;
    try {
      context = tls.context();
    } catch (IOException e) {
      return "; " + e.getMessage();
    }
    return target.members().stream()
        .limit(MAX_MEMBERS)
        .map(member -> problem(member, context))
        .filter(problem -> !problem.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static String problem(InetSocketAddress member, SSLContext context) {
    try (Socket plain = new Socket()) {
      plain.setSoTimeout(TIMEOUT_MILLIS);
      plain.connect(
          new InetSocketAddress(member.getHostString(), member.getPort()), TIMEOUT_MILLIS);
      return problem(member, plain, context);
    } catch (IOException notReached) {
      return "";
    }
  }

  private static String problem(InetSocketAddress member, Socket plain, SSLContext context) {
    try (SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(plain, member.getHostString(), member.getPort(), true)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      // Whom TLS 1.3 refuses, it tells only after its handshake; others are told nothing.
      socket.getInputStream().read();
      return "";
    } catch (SocketTimeoutException silent) {
      return "";
    } catch (IOException e) {
      return "; TLS with " + HostPort.format(member) + " fails: " + e.getMessage();
    }
  }
}
