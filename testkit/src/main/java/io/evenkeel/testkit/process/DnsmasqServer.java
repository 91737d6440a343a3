package io.evenkeel.testkit.process;

import io.evenkeel.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A dnsmasq that knows one domain and nobody else: what is not in its hosts file or its options
 * does not exist. Not thread-safe.
 */
public final class DnsmasqServer implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final ServerProcess process;
  private final Path hosts;
  private final int port;

  private DnsmasqServer(ServerProcess process, Path hosts, int port) {
    this.process = process;
    this.hosts = hosts;
    this.port = port;
  }

  /**
   * Starts one that answers for {@code domain}.
   *
   * @param directory where it keeps its hosts file and log
   * @param ttl of all its answers, in whole seconds
   * @param options such as {@code --srv-host=_grpc._tcp.orders.test,a.orders.test,8080,0,1}
   */
  public static DnsmasqServer start(
      Path directory, String domain, Duration ttl, List<String> options) throws Exception {
    Path hosts = Files.createFile(directory.resolve("hosts"));
    int port = ServerProcess.freePorts(1).get(0);
    List<String> command =
        new ArrayList<>(
            List.of(
                command(),
                "--conf-file=/dev/null",
                "--no-daemon",
                "--port=" + port,
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--no-resolv",
                "--no-hosts",
                "--addn-hosts=" + hosts,
                "--local=/" + domain + "/",
                "--local-ttl=" + ttl.toSeconds()));
    command.addAll(options);
    ServerProcess process =
        ServerProcess.start("dnsmasq", command, directory.resolve("dnsmasq.log"));
    DnsmasqServer server = new DnsmasqServer(process, hosts, port);
    server.awaitRead(1);
    return server;
  }

  /** Debian keeps it where not every user's PATH leads. */
  private static String command() {
    Path debian = RequiresServerCondition.SYSTEM_COMMANDS.resolve("dnsmasq");
    return Files.isExecutable(debian) ? debian.toString() : "dnsmasq";
  }

  /**
   * Replaces the hosts file, and returns when its names are served.
   *
   * @param lines as in a hosts file, such as {@code 127.0.0.2 orders.test}
   */
  public void setHosts(List<String> lines) throws Exception {
    int reads = reads();
    Files.write(hosts, lines);
    process.hangUp();
    awaitRead(reads + 1);
  }

  private void awaitRead(int times) throws Exception {
    Await.until(BOUND, this::reads, reads -> reads >= times);
  }

  private int reads() {
    if (!process.isAlive()) {
      throw new AssertionError("dnsmasq ended: " + process.output());
    }
    return process.output().split("read " + hosts + " ", -1).length - 1;
  }

  /** Where it takes questions: {@code 127.0.0.1:} and the port. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** The process, for signals. */
  public ServerProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }
}
