package io.evenkeel.discovery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Asks for the addresses of a host name; may block. */
@FunctionalInterface
interface NameLookup {

  /** What the JDK and the machine's resolver say. */
  NameLookup SYSTEM = host -> List.of(InetAddress.getAllByName(host));

  List<InetAddress> addressesOf(String host) throws UnknownHostException;
}
