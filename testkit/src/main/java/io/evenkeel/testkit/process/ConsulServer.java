package io.evenkeel.testkit.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Consul of one server in development mode, which is its own agent. It keeps its ports when it is
 * killed and started again, and loses all it knew. Not thread-safe.
 */
public final class ConsulServer extends RegistryServer {
  private static final String NODE = "node-1";

  /** A server is its own first client: it serves once it has entered itself in its catalog. */
  private static final String SERVING = "Synced node info";

  private final Ports ports;
  private final Setting setting;

  private record Ports(int http, int server, int serf) {}

  /**
   * What it does beyond the defaults.
   *
   * @param configuration in HCL, or empty
   * @param tls whether it takes HTTPS only
   */
  private record Setting(String configuration, boolean tls) {}

  private ConsulServer(Path directory, Ports ports, Setting setting) {
    super(new Identity("consul", NODE, ports.http), directory);
    this.ports = ports;
    this.setting = setting;
  }

  /** Starts one that writes its log into {@code directory}. */
  public static ConsulServer start(Path directory) throws IOException {
    return start(directory, "");
  }

  /** Starts one with some {@code configuration} in HCL. */
  public static ConsulServer start(Path directory, String configuration) throws IOException {
    return start(directory, new Setting(configuration, false));
  }

  /** Starts one that takes HTTPS only, with these PEM files. */
  public static ConsulServer startWithTls(Path directory, Path certFile, Path keyFile)
      throws IOException {
    String configuration = "cert_file = \"%s\" key_file = \"%s\"".formatted(certFile, keyFile);
    return start(directory, new Setting(configuration, true));
  }

  private static ConsulServer start(Path directory, Setting setting) throws IOException {
    List<Integer> free = ServerProcess.freePorts(3);
    ConsulServer server =
        new ConsulServer(directory, new Ports(free.get(0), free.get(1), free.get(2)), setting);
    server.launch();
    server.awaitServing();
    return server;
  }

  /** Waits until it lists its own node. */
  @Override
  public void awaitServing() {
    process().awaitOutput(SERVING);
  }

  @Override
  List<String> command() {
    List<String> command =
        new ArrayList<>(
            List.of(
                "consul",
                "agent",
                "-dev",
                "-node=" + NODE,
                "-bind=127.0.0.1",
                "-client=127.0.0.1",
                "-http-port=" + (setting.tls ? -1 : ports.http),
                "-https-port=" + (setting.tls ? ports.http : -1),
                "-server-port=" + ports.server,
                "-serf-lan-port=" + ports.serf,
                "-serf-wan-port=-1",
                "-grpc-port=-1",
                "-dns-port=-1",
                "-hcl=disable_update_check = true"));
    if (!setting.configuration.isEmpty()) {
      command.add("-hcl=" + setting.configuration);
    }
    return command;
  }

  /**
   * Asks its HTTP API, which must not be that of TLS.
   *
   * @param path beginning with {@code /v1/}
   * @param body JSON, or empty
   * @return what it answered
   * @throws IOException with what it answered, if the status is not 200
   */
  public String api(String method, String path, String body) throws IOException {
    return api(method, path, body, "");
  }

  /** As {@link #api(String, String, String)}, with a token of its ACL. */
  public String api(String method, String path, String body, String token) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create("http://" + address() + path).toURL().openConnection();
    try {
      connection.setRequestMethod(method);
      if (!token.isEmpty()) {
        connection.setRequestProperty("X-Consul-Token", token);
      }
      if (!body.isEmpty()) {
        connection.setDoOutput(true);
        connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
      }
      int status = connection.getResponseCode();
      String answer =
          text(status < 400 ? connection.getInputStream() : connection.getErrorStream());
      if (status != HttpURLConnection.HTTP_OK) {
        throw new IOException(method + " " + path + ": " + status + " " + answer);
      }
      return answer;
    } finally {
      connection.disconnect();
    }
  }

  private static String text(@Nullable InputStream answer) throws IOException {
    try (InputStream input = answer) {
      return input == null ? "" : new String(input.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
