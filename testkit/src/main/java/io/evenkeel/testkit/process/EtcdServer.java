package io.evenkeel.testkit.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One member of an etcd cluster, by itself or with others. Keeps its ports and data when it is
 * killed and started again. Not thread-safe.
 */
public final class EtcdServer extends RegistryServer {
  private static final String SERVING = "serving client traffic";

  private final Setting setting;

  /** Where a member listens and what its cluster is; two members have two different ports each. */
  private record Setting(
      String name,
      Path directory,
      int clientPort,
      int peerPort,
      String cluster,
      @Nullable Tls tls) {}

  /** PEM files of a server that takes TLS only. */
  public record Tls(Path certFile, Path keyFile) {}

  private EtcdServer(Setting setting) {
    super(new Identity("etcd", setting.name, setting.clientPort), setting.directory);
    this.setting = setting;
  }

  /** Starts a cluster of one, which keeps its data in {@code directory}. */
  public static EtcdServer start(Path directory) throws IOException {
    return start(directory, null);
  }

  /** Starts a cluster of one that takes TLS only. */
  public static EtcdServer start(Path directory, @Nullable Tls tls) throws IOException {
    List<Integer> ports = ServerProcess.freePorts(2);
    String cluster = "one=http://127.0.0.1:" + ports.get(1);
    EtcdServer server =
        new EtcdServer(new Setting("one", directory, ports.get(0), ports.get(1), cluster, tls));
    server.launch();
    server.awaitServing();
    return server;
  }

  /** Starts, on the ports of {@code ended}, a cluster of one that has lost all its data. */
  public static EtcdServer startAgain(EtcdServer ended, Path directory) throws IOException {
    Setting old = ended.setting;
    EtcdServer server =
        new EtcdServer(
            new Setting(old.name, directory, old.clientPort, old.peerPort, old.cluster, old.tls));
    server.launch();
    server.awaitServing();
    return server;
  }

  /** Starts a cluster of {@code size}, and returns when all members serve. */
  public static List<EtcdServer> startCluster(Path directory, int size) throws IOException {
    List<Integer> ports = ServerProcess.freePorts(2 * size);
    List<String> peers = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      peers.add("m" + i + "=http://127.0.0.1:" + ports.get(size + i));
    }
    List<EtcdServer> servers = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      EtcdServer server =
          new EtcdServer(
              new Setting(
                  "m" + i,
                  directory.resolve("m" + i),
                  ports.get(i),
                  ports.get(size + i),
                  String.join(",", peers),
                  null));
      server.launch();
      servers.add(server);
    }
    servers.forEach(EtcdServer::awaitServing);
    return servers;
  }

  @Override
  public void awaitServing() {
    process().awaitOutput(SERVING);
  }

  @Override
  List<String> command() {
    String client = scheme() + "://127.0.0.1:" + setting.clientPort;
    String peer = "http://127.0.0.1:" + setting.peerPort;
    List<String> command =
        new ArrayList<>(
            List.of(
                "etcd",
                "--name=" + setting.name,
                "--data-dir=" + data(),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=" + setting.cluster,
                // The disk of a test machine is slow, and its data worthless.
                "--unsafe-no-fsync",
                "--heartbeat-interval=50",
                "--election-timeout=500",
                "--logger=zap",
                "--log-outputs=stderr"));
    if (setting.tls != null) {
      command.add("--cert-file=" + setting.tls.certFile);
      command.add("--key-file=" + setting.tls.keyFile);
    }
    return command;
  }

  private String scheme() {
    return setting.tls == null ? "http" : "https";
  }

  /**
   * The member that leads.
   *
   * @throws AssertionError if none does, as while they elect one
   */
  public static EtcdServer leaderOf(List<EtcdServer> members) throws IOException {
    for (EtcdServer member : members) {
      // Address, id, version, size of the data, whether it leads, and so on.
      String[] fields = member.ctl("endpoint", "status").split(",", -1);
      if (fields[4].strip().equals("true")) {
        return member;
      }
    }
    throw new AssertionError("no leader");
  }

  /**
   * Runs {@code etcdctl} against this member, and returns what it printed.
   *
   * @throws IOException with what it printed, if it fails
   */
  public String ctl(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add("etcdctl");
    command.add("--endpoints=" + scheme() + "://" + address());
    command.add("--command-timeout=3s");
    if (setting.tls != null) {
      command.add("--cacert=" + setting.tls.certFile);
    }
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("ETCDCTL_API", "3");
    Process etcdctl = builder.start();
    etcdctl.getOutputStream().close();
    String output = new String(etcdctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (etcdctl.waitFor() != 0) {
        throw new IOException("etcdctl " + List.of(arguments) + ": " + output);
      }
    } catch (InterruptedException e) {
      etcdctl.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while etcdctl ran", e);
    }
    return output;
  }
}
