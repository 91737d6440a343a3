package io.evenkeel.discovery.etcd;

import io.grpc.Status;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what etcd refused, why, and what to do about it. */
final class EtcdErrors {
  private static final String HOW_TO_LOG_IN =
      " (set EVENKEEL_ETCD_USERNAME and EVENKEEL_ETCD_PASSWORD or _PASSWORD_FILE, or call"
          + " RegistryCredentials.set)";

  private EtcdErrors() {}

  /**
   * What a caller wants to do with keys.
   *
   * @param verb in messages
   * @param permission what etcdctl calls it
   * @param prefixes what the keys begin with, at least one
   */
  record Wish(String verb, String permission, List<String> prefixes) {

    static Wish read(String... prefixes) {
      return new Wish("read", "read", List.of(prefixes));
    }

    static Wish write(String... prefixes) {
      return new Wish("write", "readwrite", List.of(prefixes));
    }

    private String refused() {
      String keys =
          prefixes.stream().map(each -> "\"" + each + "\"").collect(Collectors.joining(" or "));
      String commands =
          prefixes.stream()
              .map(
                  each ->
                      "etcdctl role grant-permission ROLE %s --prefix '%s'"
                          .formatted(permission, each))
              .collect(Collectors.joining("; "));
      return "the user may not %s keys that begin with %s (grant it: %s)"
          .formatted(verb, keys, commands);
    }
  }

  /** One sentence on why {@code wish} failed at {@code target}. */
  static String explain(EtcdTarget target, Wish wish, Throwable error) {
    Status status = Status.fromThrowable(error);
    String said = status.getDescription() == null ? "" : status.getDescription();
    return target.describe() + ": " + reason(wish, status, said);
  }

  private static String reason(Wish wish, Status status, String said) {
    if (said.contains("permission denied")) {
      return wish.refused();
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
