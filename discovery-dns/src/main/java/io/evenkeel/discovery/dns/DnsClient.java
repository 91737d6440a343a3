package io.evenkeel.discovery.dns;

import java.util.concurrent.CompletableFuture;
import org.xbill.DNS.Name;

/** Asks name servers during one look, which bounds the time of all its questions together. */
interface DnsClient {

  /**
   * Asks for the records of {@code type} (one of {@link org.xbill.DNS.Type}) that {@code name} has.
   * The future always completes, and never with an exception.
   */
  CompletableFuture<Reply> ask(Name name, int type);
}
