package io.evenkeel.discovery.zookeeper;

import io.evenkeel.discovery.RegistryCredentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.curator.framework.AuthInfo;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;

/**
 * Who a session is, by ZooKeeper's scheme {@code digest}, and what others may do with the nodes
 * that it makes. {@link #toString} does not tell the password.
 *
 * @param username empty for nobody
 * @param password empty for nobody
 */
record ZooKeeperLogin(String username, String password) {
  /** Nobody: whoever reaches ZooKeeper may read and write what is made. */
  static final ZooKeeperLogin NONE = new ZooKeeperLogin("", "");

  /** Its maker may do everything, everybody may read. */
  private static final List<ACL> OWN_AND_READABLE =
      // ZooKeeper's client asks it whether it contains null, which List.of answers by throwing.
      Arrays.asList(
          new ACL(ZooDefs.Perms.ALL, ZooDefs.Ids.AUTH_IDS),
          new ACL(ZooDefs.Perms.READ, ZooDefs.Ids.ANYONE_ID_UNSAFE));

  /**
   * Reads the password, which may stand in a file.
   *
   * @throws IOException naming the file that cannot be read
   */
  static ZooKeeperLogin of(RegistryCredentials credentials) throws IOException {
    String username = credentials.username();
    String password = credentials.password();
    return username == null || password == null ? NONE : new ZooKeeperLogin(username, password);
  }

  /** As a session is told it. */
  List<AuthInfo> authorization() {
    return equals(NONE)
        ? List.of()
        : List.of(
            new AuthInfo("digest", (username + ":" + password).getBytes(StandardCharsets.UTF_8)));
  }

  /** Of the nodes that are made. */
  List<ACL> acl() {
    return equals(NONE) ? ZooDefs.Ids.OPEN_ACL_UNSAFE : OWN_AND_READABLE;
  }

  @Override
  public String toString() {
    return equals(NONE) ? "a client without a user" : "user \"" + username + "\"";
  }
}
