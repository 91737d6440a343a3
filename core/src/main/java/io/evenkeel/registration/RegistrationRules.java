package io.evenkeel.registration;

import io.evenkeel.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.regex.Pattern;

/** What every registry demands of a registration, whatever it stores it in. */
public final class RegistrationRules {
  private static final int MAX_ID_LENGTH = 128;
  private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /** Who can look an instance up. */
  public enum Reach {
    /** Processes of the same machine: loopback addresses make sense. */
    MACHINE,
    /** Anybody: a loopback address would send each client to itself. */
    NETWORK;

    /**
     * Reads the setting {@code ?loopback=} of a registry that others reach: {@code refuse}, or
     * {@code allow} where all clients are on this machine.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Reach ofLoopback(String loopback) {
      return switch (loopback) {
        case "allow" -> MACHINE;
        case "refuse" -> NETWORK;
        default ->
            throw new IllegalArgumentException(
                "?loopback: \"" + loopback + "\" (expected: allow or refuse)");
      };
    }
  }

  private RegistrationRules() {}

  /**
   * Checks the name of a service: letters, digits, dots, hyphens and underscores, the first a
   * letter or digit, 128 at most. So it is a safe path segment and host name label everywhere.
   *
   * @return {@code service}
   * @throws IllegalArgumentException if it is not that
   */
  public static String checkService(String service) {
    if (!SERVICE.matcher(service).matches()) {
      throw new IllegalArgumentException(
          "service \""
              + service
              + "\" (expected: 1 to 128 letters, digits, '.', '-', '_', the first a letter or"
              + " digit)");
    }
    return service;
  }

  /**
   * Checks the id of an instance: 1 to 128 characters, no control characters.
   *
   * @return {@code id}
   * @throws IllegalArgumentException if it is not that
   */
  public static String checkId(String id) {
    if (id.isEmpty()
        || id.length() > MAX_ID_LENGTH
        || id.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "id \"" + id + "\" (expected: 1 to 128 characters, no control characters)");
    }
    return id;
  }

  /**
   * Checks that a client within {@code reach} could connect to {@code endpoint}: an IP address or
   * host name and a port, no wildcard such as 0.0.0.0, and loopback only within one machine.
   *
   * @return {@code endpoint}
   * @throws IllegalArgumentException naming the address that cannot be
   */
  public static Endpoint checkEndpoint(Endpoint endpoint, Reach reach) {
    checkId(endpoint.id());
    for (SocketAddress address : endpoint.addresses()) {
      checkAddress(endpoint, address, reach);
    }
    return endpoint;
  }

  private static void checkAddress(Endpoint endpoint, SocketAddress address, Reach reach) {
    if (!(address instanceof InetSocketAddress inet) || inet.getPort() == 0) {
      throw refused(endpoint, address, "host and port that a client can connect to");
    }
    InetAddress ip = inet.getAddress();
    if (ip == null) {
      return;
    }
    if (ip.isAnyLocalAddress()) {
      throw refused(
          endpoint, address, "the address clients reach this server at, not the wildcard");
    }
    if (reach == Reach.NETWORK && ip.isLoopbackAddress()) {
      throw refused(
          endpoint,
          address,
          "an address other machines can reach, not loopback; ?loopback=allow if all clients are on"
              + " this one");
    }
  }

  private static String shown(SocketAddress address) {
    return Endpoint.of(address).displayAddress();
  }

  private static IllegalArgumentException refused(
      Endpoint endpoint, SocketAddress address, String expected) {
    return new IllegalArgumentException(
        "address of instance \"%s\": %s (expected: %s)"
            .formatted(endpoint.id(), shown(address), expected));
  }
}
