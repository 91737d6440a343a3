package io.evenkeel.benchmarks.loopback;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;

/** A proxy that speaks gRPC on both sides, and the config with which it is measured. */
enum Proxy {
  NGINX("nginx") {
    @Override
    List<String> command(Path program, Path folder) {
      return List.of(program.toString(), "-p", folder.toString(), "-e", "error.log", "-c", CONFIG);
    }

    /** Connections are kept for ever on both sides; its defaults end them after 1,000 calls. */
    @Override
    String config(int port, List<String> servers) {
      StringJoiner lines = new StringJoiner("\n      ");
      servers.forEach(server -> lines.add("server " + server + ";"));
      return """
          daemon off;
          pid nginx.pid;
          worker_processes auto;
          events { worker_connections 1024; }
          http {
            access_log off;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            upstream servers {
              %s
              keepalive 128;
              keepalive_requests 1000000000;
              keepalive_time 24h;
            }
            server {
              listen 127.0.0.1:%d http2;
              http2_max_concurrent_streams 1024;
              keepalive_requests 1000000000;
              keepalive_time 24h;
              location / { grpc_pass grpc://servers; }
            }
          }
          """
          .formatted(lines, port);
    }
  },

  HAPROXY("haproxy") {
    @Override
    List<String> command(Path program, Path folder) {
      return List.of(program.toString(), "-db", "-f", folder.resolve(CONFIG).toString());
    }

    @Override
    String config(int port, List<String> servers) {
      StringJoiner lines = new StringJoiner("\n  ");
      for (int i = 0; i < servers.size(); i++) {
        lines.add("server s" + i + " " + servers.get(i) + " proto h2");
      }
      return """
          global
            maxconn 1024
          defaults
            mode http
            timeout connect 5s
            timeout client 1h
            timeout server 1h
          frontend client
            bind 127.0.0.1:%d proto h2
            default_backend servers
          backend servers
            balance roundrobin
            %s
          """
          .formatted(port, lines);
    }
  };

  static final String CONFIG = "proxy.conf";
  private static final List<String> SYSTEM_FOLDERS = List.of("/usr/sbin", "/usr/local/sbin");

  private final String program;

  Proxy(String program) {
    this.program = program;
  }

  /** How to start it in the foreground, with {@link #CONFIG} in {@code folder}. */
  abstract List<String> command(Path program, Path folder);

  /** Has it listen on {@code port} and share calls among {@code servers} in turn. */
  abstract String config(int port, List<String> servers);

  String program() {
    return program;
  }

  /** Where it is installed. Proxies are system programs, often not on a user's path. */
  Optional<Path> find() {
    Stream<String> path =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator));
    return Stream.concat(path, SYSTEM_FOLDERS.stream())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Its name and version, or that it is not installed. */
  String describe() throws IOException, InterruptedException {
    Optional<Path> found = find();
    if (found.isEmpty()) {
      return program + ": not installed";
    }
    Process process =
        new ProcessBuilder(found.get().toString(), "-v").redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output.lines().findFirst().orElse(program);
  }
}
