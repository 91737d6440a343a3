package io.evenkeel.discovery.etcd;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** Says what etcd refused, why, and what to do about it. */
final class EtcdErrors {
  private static final String HOW_TO_LOG_IN =
      " (set EVENKEEL_ETCD_USERNAME and EVENKEEL_ETCD_PASSWORD or _PASSWORD_FILE, or call"
          + " RegistryCredentials.set)";

  private EtcdErrors() {}

  /** What stands between the caller and the keys of {@code target}. */
  enum Wish {
    READ("read"),
    WRITE("readwrite");

    /** What etcdctl calls the permission. */
    private final String permission;

    Wish(String permission) {
      this.permission = permission;
    }
  }

  /** One sentence on why {@code wish} on the keys of {@code target} failed. */
  static String explain(EtcdTarget target, Wish wish, Throwable error) {
    Status status = Status.fromThrowable(error);
    String said = status.getDescription() == null ? "" : status.getDescription();
    return target.describe() + ": " + reason(target, wish, status, said);
  }

  private static String reason(EtcdTarget target, Wish wish, Status status, String said) {
    if (said.contains("permission denied")) {
      return "the user may not %s keys that begin with \"%s\" (grant it: etcdctl role grant-permission ROLE %s --prefix '%s')"
          .formatted(
              wish == Wish.READ ? "read" : "write",
              target.prefix(),
              wish.permission,
              target.prefix());
    }
    if (said.contains("user name is empty")) {
      return "it wants a user and a password" + HOW_TO_LOG_IN;
    }
    if (said.contains("authentication failed")) {
      return "user or password is wrong" + HOW_TO_LOG_IN;
    }
    String cause = rootCause(status.getCause());
    String text = said.isEmpty() ? status.getCode().name() : said;
    return cause.isEmpty() || text.contains(cause) ? text : text + ": " + cause;
  }

  private static String rootCause(@Nullable Throwable cause) {
    String message = "";
    for (Throwable each = cause; each != null; each = each.getCause()) {
      message = each.getMessage() == null ? each.toString() : each.getMessage();
    }
    return message;
  }
}
