package io.evenkeel.discovery.dns;

import java.io.IOException;

/** What a discovery looks things up with. */
interface DnsAccess extends AutoCloseable {

  /**
   * How names are to be looked up now; may block.
   *
   * @throws IOException if that cannot be found out; the message says why
   */
  DnsSetup setup() throws IOException;

  /** For the questions of one look. */
  DnsClient client(DnsSetup setup);

  /** Ends the use of sockets; answers to what is under way are of no use. Safe to call twice. */
  @Override
  void close();
}
