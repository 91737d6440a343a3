package io.evenkeel.discovery.dns;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.xbill.DNS.Message;

/** Sends one query to one name server. Thread-safe. */
interface Exchanger {

  /** What a query travels over. */
  enum Transport {
    UDP,
    TCP
  }

  /**
   * The answer to {@code query}. The future fails with an {@link java.io.IOException} if there is
   * none within {@code timeoutNanos}.
   */
  CompletableFuture<Message> send(
      Transport transport, InetSocketAddress server, Message query, long timeoutNanos);
}
