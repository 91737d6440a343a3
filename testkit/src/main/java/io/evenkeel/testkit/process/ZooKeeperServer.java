package io.evenkeel.testkit.process;

import io.evenkeel.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One member of a ZooKeeper ensemble, by itself or with others: a JVM of its own that runs the
 * server on the class path of the test, which must hold it. Keeps its ports and data when it is
 * killed and started again. Its sessions last a second at the least. Not thread-safe.
 */
public final class ZooKeeperServer extends RegistryServer {
  private static final String MAIN_CLASS = "org.apache.zookeeper.server.quorum.QuorumPeerMain";

  /** Bound on starts; only a failing test waits so long. */
  private static final Duration BOUND = Duration.ofSeconds(60);

  /** Sessions end at multiples of it, and last at least two. */
  private static final int TICK_MILLIS = 500;

  private static final int QUESTION_TIMEOUT_MILLIS = 1000;

  private final Setting setting;

  /**
   * Where a member listens.
   *
   * @param id of the member, from 1 on
   * @param more lines of configuration: those that name all members, or those of TLS
   */
  private record Setting(int id, Path directory, int clientPort, List<String> more) {}

  private ZooKeeperServer(Setting setting) {
    super(
        new Identity("zookeeper", Integer.toString(setting.id), setting.clientPort),
        setting.directory);
    this.setting = setting;
  }

  /** Starts one by itself, which keeps its data in {@code directory}. */
  public static ZooKeeperServer start(Path directory) throws Exception {
    int port = ServerProcess.freePorts(1).get(0);
    ZooKeeperServer server = new ZooKeeperServer(new Setting(1, directory, port, List.of()));
    server.launch();
    server.awaitServing();
    return server;
  }

  /**
   * Starts one that takes plain text at {@link #address} and at {@code securePort} TLS, by Netty,
   * which the class path must hold too.
   *
   * @param keyFile PEM key and certificate by which it proves itself
   * @param clients PEM certificates of the authorities that clients must be proved by; null where
   *     they need not be
   */
  public static ZooKeeperServer startWithTls(
      Path directory, int securePort, Path keyFile, @Nullable Path clients) throws Exception {
    List<String> tls =
        new ArrayList<>(
            List.of(
                "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory",
                "secureClientPort=" + securePort,
                "secureClientPortAddress=127.0.0.1",
                "ssl.keyStore.location=" + keyFile,
                "ssl.clientAuth=" + (clients == null ? "none" : "need")));
    if (clients != null) {
      tls.add("ssl.trustStore.location=" + clients);
    }
    int port = ServerProcess.freePorts(1).get(0);
    ZooKeeperServer server = new ZooKeeperServer(new Setting(1, directory, port, tls));
    server.launch();
    server.awaitServing();
    return server;
  }

  /** Starts an ensemble of {@code size}, and returns when all members serve. */
  public static List<ZooKeeperServer> startEnsemble(Path directory, int size) throws Exception {
    List<Integer> ports = ServerProcess.freePorts(3 * size);
    List<String> ensemble = new ArrayList<>(List.of("initLimit=10", "syncLimit=4"));
    for (int i = 0; i < size; i++) {
      int id = i + 1;
      ensemble.add(
          "server.%d=127.0.0.1:%d:%d".formatted(id, ports.get(size + i), ports.get(2 * size + i)));
    }
    List<ZooKeeperServer> servers = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Path own = directory.resolve("m" + (i + 1));
      servers.add(new ZooKeeperServer(new Setting(i + 1, own, ports.get(i), ensemble)));
      servers.get(i).launch();
    }
    for (ZooKeeperServer server : servers) {
      server.awaitServing();
    }
    return servers;
  }

  @Override
  List<String> command() throws IOException {
    Path data = Files.createDirectories(data());
    Files.writeString(data.resolve("myid"), Integer.toString(setting.id));
    Path configuration = Files.write(setting.directory.resolve("zoo.cfg"), configuration(data));
    return command(configuration);
  }

  private List<String> configuration(Path data) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "dataDir=" + data,
                "clientPort=" + setting.clientPort,
                "clientPortAddress=127.0.0.1",
                "tickTime=" + TICK_MILLIS,
                "maxClientCnxns=0",
                "4lw.commands.whitelist=*",
                "admin.enableServer=false"));
    lines.addAll(setting.more);
    return lines;
  }

  private static List<String> command(Path configuration) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xmx128m",
        // The disk of a test machine is slow, and its data worthless.
        "-Dzookeeper.forceSync=no",
        "-Dzookeeper.jmx.log4j.disable=true",
        "-cp",
        System.getProperty("java.class.path"),
        MAIN_CLASS,
        configuration.toString());
  }

  @Override
  public void awaitServing() throws Exception {
    Await.until(BOUND, this::mode, mode -> !mode.isEmpty());
  }

  /** Whether it leads its ensemble. */
  public boolean isLeader() {
    return mode().equals("leader");
  }

  /** What it is in its ensemble: {@code leader}, {@code standalone}…; empty while it serves not. */
  private String mode() {
    if (!process().isAlive()) {
      throw new AssertionError("ZooKeeper ended: " + process().output());
    }
    try {
      return ask("srvr")
          .lines()
          .filter(line -> line.startsWith("Mode: "))
          .map(line -> line.substring("Mode: ".length()))
          .findFirst()
          .orElse("");
    } catch (IOException notYet) {
      return "";
    }
  }

  /**
   * Asks a question of four letters.
   *
   * @param word such as {@code srvr}, or {@code wchs} for a summary of the watches
   * @return what it answered
   */
  public String ask(String word) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), setting.clientPort)) {
      socket.setSoTimeout(QUESTION_TIMEOUT_MILLIS);
      socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
