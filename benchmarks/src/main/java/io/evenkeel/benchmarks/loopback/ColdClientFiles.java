package io.evenkeel.benchmarks.loopback;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The files that cold clients and their server read, in a folder that {@link #close} deletes. */
final class ColdClientFiles implements AutoCloseable {
  private final Path folder = Files.createTempDirectory("evenkeel-cold-client");
  private final Path all = folder.resolve("all.json");
  private final Path one = folder.resolve("one.json");
  private final Path secret = folder.resolve("secret");

  ColdClientFiles(Security security) throws IOException {
    security.prepare(secret);
  }

  /** Lists {@code endpoints} addresses with the server's {@code port}. */
  void list(int endpoints, int port) throws IOException {
    Files.writeString(all, json(endpoints, port));
    Files.writeString(one, json(1, port));
  }

  /** The target of all endpoints. */
  String all() {
    return all.toUri().toString();
  }

  /** The target of one endpoint. */
  String one() {
    return one.toUri().toString();
  }

  /** What {@link Security#prepare} has made, if it has. */
  String secret() {
    return secret.toString();
  }

  @Override
  public void close() throws IOException {
    for (Path file : List.of(all, one, secret, folder)) {
      Files.deleteIfExists(file);
    }
  }

  /** A list file as Evenkeel's file discovery reads it. */
  private static String json(int endpoints, int port) {
    List<Map<String, String>> list =
        IntStream.range(0, endpoints)
            .mapToObj(i -> ManyAddressServer.address(i).getHostAddress() + ":" + port)
            .map(address -> Map.of("address", address))
            .toList();
    return new Gson().toJson(Map.of("endpoints", list));
  }
}
