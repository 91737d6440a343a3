package io.evenkeel.discovery.dns;

import org.xbill.DNS.Name;

/** Writes names and what is wrong with them for people. */
final class Names {

  private Names() {}

  /** Without the dot that ends an absolute name. */
  static String text(Name name) {
    return name.toString(true);
  }

  /** That {@code name} has not what it was asked for, and who says so. */
  static String missing(Name name, Reply reply, String kind) {
    String what =
        reply.outcome() == Outcome.NO_SUCH_NAME
            ? " does not exist in DNS ("
            : " has no " + kind + " records (";
    return text(name) + what + reply.detail() + ")";
  }
}
