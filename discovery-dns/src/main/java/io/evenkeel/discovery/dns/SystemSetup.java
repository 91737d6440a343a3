package io.evenkeel.discovery.dns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import org.xbill.DNS.Name;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.config.ResolvConfResolverConfigProvider;

/**
 * How this machine resolves names: {@code resolv.conf} and the hosts file, each read again when it
 * has changed. Where there is no {@code resolv.conf}, as on Windows, the system is asked. Not
 * thread-safe.
 */
final class SystemSetup {
  private static final int DNS_PORT = 53;

  private final FileContent<Servers> resolvConf;
  private final FileContent<Hosts> hosts;

  private record Servers(List<InetSocketAddress> addresses, List<Name> search, int ndots) {}

  SystemSetup() {
    this(Path.of("/etc/resolv.conf"), hostsFile());
  }

  SystemSetup(Path resolvConf, Path hostsFile) {
    this.resolvConf = new FileContent<>(resolvConf, bytes -> new ResolvConf().read(bytes));
    this.hosts =
        new FileContent<>(
            hostsFile,
            bytes -> Hosts.parse(new String(bytes, StandardCharsets.UTF_8).lines().toList()));
  }

  private static Path hostsFile() {
    String windows = System.getenv("SystemRoot");
    return windows == null
        ? Path.of("/etc/hosts")
        : Path.of(windows, "System32", "drivers", "etc", "hosts");
  }

  /** How names are looked up now; blocks while it reads files. */
  DnsSetup read() throws IOException {
    Servers servers = resolvConf.read();
    if (servers == null) {
      servers = ofSystem();
    }
    Hosts listed = hosts.read();
    return new DnsSetup(
        servers.addresses, servers.search, servers.ndots, listed == null ? Hosts.NONE : listed);
  }

  private static Servers ofSystem() {
    ResolverConfig.refresh();
    ResolverConfig config = ResolverConfig.getCurrentConfig();
    return usable(config.servers(), config.searchPath(), config.ndots());
  }

  /** Without any server the machine's own is asked, as the C library does. */
  private static Servers usable(List<InetSocketAddress> addresses, List<Name> search, int ndots) {
    List<InetSocketAddress> resolved =
        addresses.stream().filter(each -> !each.isUnresolved()).toList();
    return new Servers(
        resolved.isEmpty()
            ? List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), DNS_PORT))
            : resolved,
        List.copyOf(search),
        ndots);
  }

  /** The library's own provider reads only the one file of the machine, and keeps what it read. */
  private static final class ResolvConf extends ResolvConfResolverConfigProvider {
    Servers read(byte[] bytes) throws IOException {
      try {
        parseResolvConf(new ByteArrayInputStream(bytes));
      } catch (NoSuchElementException e) {
        throw new IOException("resolv.conf has a line \"nameserver\" without an address", e);
      }
      return usable(servers(), searchPaths(), ndots());
    }
  }
}
