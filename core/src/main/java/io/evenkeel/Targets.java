package io.evenkeel;

/** Makes what people write a target that gRPC can parse. */
public final class Targets {

  private Targets() {}

  /**
   * Escapes what an operator writes and RFC 3986 has no room for: the brackets of IPv6 addresses
   * behind {@code :///}, and the colons of hosts in a list, as in {@code
   * etcd://a:2379,b:2379/orders}, which becomes {@code etcd://a%3A2379,b%3A2379/orders}. Every
   * other target comes back as it is.
   */
  public static String escape(String target) {
    int scheme = target.indexOf("://");
    if (scheme < 0) {
      return target;
    }
    int authority = scheme + "://".length();
    if (target.startsWith("/", authority)) {
      return target.substring(0, authority) + escapeBrackets(target.substring(authority));
    }
    int end = endOfAuthority(target, authority);
    String hosts = target.substring(authority, end);
    return hosts.contains(",")
        ? target.substring(0, authority)
            + escapeBrackets(hosts).replace(":", "%3A")
            + target.substring(end)
        : target;
  }

  /**
   * {@code target} as it may be logged: what stands before an {@code @} between the scheme and the
   * path, a user and its password, is left out.
   */
  public static String redact(String target) {
    int scheme = target.indexOf(':');
    int hosts = target.startsWith("://", scheme) ? scheme + "://".length() : scheme + 1;
    int user = target.lastIndexOf('@', endOfAuthority(target, hosts));
    return user < hosts ? target : target.substring(0, hosts) + "…" + target.substring(user);
  }

  private static int endOfAuthority(String target, int start) {
    for (int i = start; i < target.length(); i++) {
      if ("/?#".indexOf(target.charAt(i)) >= 0) {
        return i;
      }
    }
    return target.length();
  }

  private static String escapeBrackets(String text) {
    return text.replace("[", "%5B").replace("]", "%5D");
  }
}
