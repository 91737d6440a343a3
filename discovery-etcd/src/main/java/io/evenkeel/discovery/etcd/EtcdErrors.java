package io.evenkeel.discovery.etcd;

import io.grpc.Status;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what etcd refused, why, and what to do about it. */
final class EtcdErrors {
  private static final String HOW_TO_LOG_IN =
      " (set EVENKEEL_ETCD_USERNAME and EVENKEEL_ETCD_PASSWORD or _PASSWORD_FILE, or call"
          + " RegistryCredentials.set)";

  /** What gRPC says where the other side has closed a connection without a word. */
  private static final String CLOSED = "Network closed for unknown reason";

  /** What gRPC says where the system did not let it connect, read or write. */
  private static final String IO_EXCEPTION = "io exception";

  /** How Netty begins to say what the system did not let it do. */
  private static final Pattern SYSTEM_CALL =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

  /** The target of our own connections, which no user has written. */
  private static final Pattern MEMBERS = Pattern.compile("^target \"fixed:[^\"]*\": ");

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
    return switch (status.getCode()) {
      case DEADLINE_EXCEEDED -> "no answer within " + EtcdClient.CALL_TIMEOUT.toSeconds() + " s";
      case UNIMPLEMENTED -> "is a gRPC server, but no etcd (" + said + ")";
      default -> transport(status, said);
    };
  }

  /** gRPC's words for what happened to a connection, and those of the system. */
  private static String transport(Status status, String said) {
    if (said.equals(CLOSED)) {
      return "it closed the connection: it is stopping, or takes TLS only (then ?tls=true)";
    }
    String cause = SYSTEM_CALL.matcher(rootCause(status.getCause())).replaceFirst("");
    if (cause.contains("certification path")) {
      return "its certificate is not trusted: "
          + cause
          + " (name its authority by EVENKEEL_ETCD_CA_FILE)";
    }
    if (said.equals(IO_EXCEPTION)) {
      return cause.isEmpty() ? "cannot be reached" : "cannot be reached: " + cause;
    }
    String text = said.isEmpty() ? status.getCode().name() : MEMBERS.matcher(said).replaceFirst("");
    return cause.isEmpty() || text.contains(cause) ? text : text + ": " + cause;
  }

  private static String rootCause(@Nullable Throwable cause) {
    String message = "";
    for (Throwable each = cause; each != null; each = each.getCause()) {
      // The name of a class alone tells an operator nothing.
      message = each.getMessage() == null ? message : each.getMessage();
    }
    return message;
  }
}
