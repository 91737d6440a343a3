package io.evenkeel.benchmarks.loopback;

import io.evenkeel.testkit.ThrowawayCertificate;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerCredentials;
import java.io.IOException;
import java.nio.file.Path;

/** How connections between cold client and server are secured. */
enum Security {
  PLAIN_TEXT("cold-client.md", "Plain text"),
  /** The server proves its name by a {@link ThrowawayCertificate}. */
  TLS("cold-client-tls.md", "TLS with one certificate for all servers");

  private final String page;
  private final String display;

  Security(String page, String display) {
    this.page = page;
    this.display = display;
  }

  /** The name of the page of its results. */
  String page() {
    return page;
  }

  String display() {
    return display;
  }

  /** Makes what both sides need, in {@code file}. */
  void prepare(Path file) throws IOException {
    if (this == TLS) {
      ThrowawayCertificate.make(file);
    }
  }

  ServerCredentials server(Path file) throws IOException {
    return this == TLS ? ThrowawayCertificate.server(file) : InsecureServerCredentials.create();
  }

  ChannelCredentials channel(Path file) throws IOException {
    return this == TLS ? ThrowawayCertificate.channel(file) : InsecureChannelCredentials.create();
  }

  /** Has a channel expect the name that the server proves. */
  void expectName(ManagedChannelBuilder<?> channel) {
    if (this == TLS) {
      channel.overrideAuthority(ThrowawayCertificate.NAME);
    }
  }
}
