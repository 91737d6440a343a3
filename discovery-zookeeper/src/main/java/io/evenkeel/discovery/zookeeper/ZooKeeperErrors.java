package io.evenkeel.discovery.zookeeper;

import org.apache.zookeeper.KeeperException.Code;

/** Says what ZooKeeper refused, why, and what to do about it. */
final class ZooKeeperErrors {
  private static final String HOW_TO_LOG_IN =
      "set EVENKEEL_ZOOKEEPER_USERNAME and EVENKEEL_ZOOKEEPER_PASSWORD or _PASSWORD_FILE, or call"
          + " RegistryCredentials.set";

  private ZooKeeperErrors() {}

  /**
   * What a caller wants to do with nodes.
   *
   * @param verb in messages
   * @param permissions what {@code setAcl} of ZooKeeper's shell calls them
   * @param path the node, or the one above
   */
  record Wish(String verb, String permissions, String path) {

    static Wish read(String path) {
      return new Wish("read", "r", path);
    }

    static Wish write(String path) {
      return new Wish("write below", "cdrw", path);
    }

    private String refused(ZooKeeperLogin login) {
      return "%s may not %s \"%s\" (grant it: addauth and setAcl -R %s, permissions %s; or %s)"
          .formatted(login, verb, path, path, permissions, HOW_TO_LOG_IN);
    }
  }

  /** One sentence on why {@code wish} failed at {@code target}. */
  static String explain(ZooKeeperTarget target, ZooKeeperLogin login, Wish wish, Code code) {
    return target.describe() + ": " + reason(login, wish, code);
  }

  private static String reason(ZooKeeperLogin login, Wish wish, Code code) {
    return switch (code) {
      case NOAUTH -> wish.refused(login);
      case CONNECTIONLOSS -> "the connection was lost";
      case SESSIONEXPIRED -> "the session has expired";
      case REQUESTTIMEOUT -> "no answer in time";
      case UNIMPLEMENTED -> "it cannot watch a service (expected: ZooKeeper 3.6 or newer)";
      default -> code + " while asked to " + wish.verb + " \"" + wish.path + "\"";
    };
  }
}
