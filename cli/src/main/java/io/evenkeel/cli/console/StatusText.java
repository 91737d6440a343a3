package io.evenkeel.cli.console;

import io.grpc.Status;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells a user how a call ended, and what to do where that can be known. */
public final class StatusText {
  /** How a TLS alert starts: what a TLS server sends to a client that does not speak TLS. */
  private static final String TLS_ALERT = "1503";

  /** Netty's handlers, which tell a user nothing. */
  private static final Pattern NETTY_PIPELINE = Pattern.compile(" ?Channel Pipeline: \\[[^]]*]");

  /** The bytes that were no TLS; the first few tell as much as all. */
  private static final Pattern HEX_DUMP = Pattern.compile("\\b(\\p{XDigit}{16})\\p{XDigit}{16,}");

  private StatusText() {}

  /** The code, the description, and advice if one side speaks TLS and the other does not. */
  public static String of(Status status) {
    return status.getCode() + ": " + description(status);
  }

  /** The same without the code. */
  public static String description(Status status) {
    String text = String.valueOf(status.getDescription()).replaceAll("\\s+", " ").strip();
    String readable = NETTY_PIPELINE.matcher(text).replaceAll("");
    return HEX_DUMP.matcher(readable).replaceAll("$1…") + advice(status);
  }

  private static String advice(Status status) {
    String everything = status.getDescription() + causes(status.getCause());
    if (everything.contains("NotSslRecordException")
        || everything.contains("not an SSL/TLS record")) {
      return "; the server does not speak TLS: use --plaintext if that is intended";
    }
    if (everything.contains("not SETTINGS") && everything.contains(TLS_ALERT)) {
      return "; the server speaks TLS: leave out --plaintext";
    }
    return "";
  }

  private static String causes(@Nullable Throwable cause) {
    StringBuilder causes = new StringBuilder();
    for (Throwable each = cause; each != null; each = each.getCause()) {
      causes.append(' ').append(each);
    }
    return causes.toString();
  }
}
