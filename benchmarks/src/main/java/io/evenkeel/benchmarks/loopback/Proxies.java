package io.evenkeel.benchmarks.loopback;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The proxies that are installed, running in front of the same servers. */
final class Proxies implements AutoCloseable {
  private final Map<Proxy, ProxyProcess> running = new EnumMap<>(Proxy.class);

  private Proxies() {}

  static Proxies start(List<String> servers) throws IOException, InterruptedException {
    Proxies proxies = new Proxies();
    try {
      for (Proxy proxy : Proxy.values()) {
        Optional<Path> program = proxy.find();
        if (program.isPresent()) {
          proxies.running.put(proxy, ProxyProcess.start(proxy, program.get(), servers));
        }
      }
      return proxies;
    } catch (IOException | InterruptedException | RuntimeException failed) {
      proxies.close();
      throw failed;
    }
  }

  /** Where {@code proxy} listens; empty when it is not installed. */
  Optional<String> address(Proxy proxy) {
    return Optional.ofNullable(running.get(proxy)).map(ProxyProcess::address);
  }

  @Override
  public void close() throws IOException {
    for (ProxyProcess process : running.values()) {
      process.close();
    }
  }
}
