package io.evenkeel.server;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import com.google.common.net.InternetDomainName;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the address under which clients reach a server that listens on {@code port}. */
final class AdvertisedAddress {
  private static final String SCHEME_OF_THIS_MACHINE = "file";

  private AdvertisedAddress() {}

  /** How far those who learn the address are away. */
  enum Reach {
    THIS_MACHINE,
    NETWORK;

    /** A directory of files is shared by the processes of one machine, unless told otherwise. */
    static Reach of(List<URI> registries) {
      boolean local =
          registries.stream().allMatch(uri -> SCHEME_OF_THIS_MACHINE.equals(uri.getScheme()));
      return local ? THIS_MACHINE : NETWORK;
    }
  }

  /**
   * Takes what was stated, {@code host} or {@code host:port}, or finds an address of this machine.
   *
   * @throws IllegalArgumentException if a wildcard address was stated, or none was and this machine
   *     has none that others reach
   */
  static InetSocketAddress of(String stated, int port, Reach reach) {
    if (!stated.isEmpty()) {
      return parse(stated, port);
    }
    if (reach == Reach.THIS_MACHINE) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
    return firstReachable()
        .map(address -> new InetSocketAddress(address, port))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "advertise: this machine has only loopback addresses, which clients elsewhere"
                        + " do not reach (expected: host or host:port; 127.0.0.1 to insist)"));
  }

  private static InetSocketAddress parse(String stated, int listeningPort) {
    HostAndPort hostAndPort;
    try {
      hostAndPort = HostAndPort.fromString(stated);
    } catch (IllegalArgumentException malformed) {
      throw unusable(stated);
    }
    int port = hostAndPort.getPortOrDefault(listeningPort);
    String host = hostAndPort.getHost();
    if (InetAddresses.isInetAddress(host)) {
      return new InetSocketAddress(reachable(stated, InetAddresses.forString(host)), port);
    }
    if (!InternetDomainName.isValid(host)) {
      throw unusable(stated);
    }
    // Left to the client to resolve: a name may mean another address there.
    return InetSocketAddress.createUnresolved(host, port);
  }

  private static InetAddress reachable(String stated, InetAddress address) {
    if (address.isAnyLocalAddress()) {
      throw unusable(stated);
    }
    return address;
  }

  private static IllegalArgumentException unusable(String stated) {
    return new IllegalArgumentException(
        "advertise: \"" + stated + "\" (expected: a host that clients reach, or host:port)");
  }

  private static Optional<InetAddress> firstReachable() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(AdvertisedAddress::isUp)
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
          .min(Comparator.comparing(address -> !(address instanceof Inet4Address)));
    } catch (SocketException e) {
      throw new UncheckedIOException("advertise: this machine does not list its addresses", e);
    }
  }

  private static boolean isUp(NetworkInterface network) {
    try {
      return network.isUp();
    } catch (SocketException goneMeanwhile) {
      return false;
    }
  }
}
