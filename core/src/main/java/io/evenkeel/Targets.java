package io.evenkeel;

/** Makes what people write a target that gRPC can parse. */
public final class Targets {

  private Targets() {}

  /**
   * Escapes the brackets of IPv6 addresses: {@code fixed:///[::1]:8080} becomes {@code
   * fixed:///%5B::1%5D:8080}, because a URI may hold brackets in its authority only. Every other
   * target comes back as it is.
   */
  public static String escape(String target) {
    int path = target.indexOf(":///");
    if (path < 0) {
      return target;
    }
    String rest = target.substring(path);
    return target.substring(0, path) + rest.replace("[", "%5B").replace("]", "%5D");
  }
}
