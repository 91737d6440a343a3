package io.evenkeel.discovery.dns;

import com.google.common.net.HostAndPort;
import io.evenkeel.discovery.DiscoveryContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up over the network: as the machine does, or, where the target names name servers,
 * with those alone. Then neither the hosts file nor search domains apply, so that the answer is the
 * same on every machine.
 */
final class SystemAccess implements DnsAccess {
  private final List<HostAndPort> own;
  private final SystemSetup system;
  private final DnsSockets sockets;
  private final NameServers servers;
  private DnsSockets.@Nullable Use use; // guarded by this
  private boolean closed; // guarded by this

  private SystemAccess(List<HostAndPort> own, DnsSockets sockets, NameServers servers) {
    this.own = own;
    this.system = new SystemSetup();
    this.sockets = sockets;
    this.servers = servers;
  }

  /**
   * Holds nothing open before the first question.
   *
   * @param own the target's name servers; empty for the machine's
   */
  static DnsAccess of(List<HostAndPort> own, DiscoveryContext context) {
    return new SystemAccess(
        own,
        DnsSockets.SHARED,
        new NameServers(DnsSockets.SHARED, context.ticker(), context.random()));
  }

  @Override
  public DnsSetup setup() throws IOException {
    return own.isEmpty() ? system.read() : new DnsSetup(addresses(), List.of(), 0, Hosts.NONE);
  }

  /** A name server that is named is looked up as the JDK does, and asked at all its addresses. */
  private List<InetSocketAddress> addresses() throws IOException {
    List<InetSocketAddress> addresses = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (HostAndPort server : own) {
      try {
        for (InetAddress each : InetAddress.getAllByName(server.getHost())) {
          addresses.add(new InetSocketAddress(each, server.getPort()));
        }
      } catch (UnknownHostException e) {
        unknown.add(server.getHost());
      }
    }
    if (addresses.isEmpty()) {
      throw new IOException(
          "the name server "
              + String.join(", ", unknown)
              + " is itself a name that does not resolve");
    }
    return addresses;
  }

  @Override
  public DnsClient client(DnsSetup setup) {
    hold();
    return servers.client(setup.servers());
  }

  private synchronized void hold() {
    if (use == null && !closed) {
      use = sockets.open();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (use != null) {
      use.close();
    }
  }
}
