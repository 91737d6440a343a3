package io.evenkeel.discovery.kubernetes;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * What the URI of a Kubernetes service says before its {@code ?}.
 *
 * <pre>{@code
 * kubernetes:///orders:grpc                          the service orders in the namespace of this process
 * kubernetes:///orders.prod:grpc                     that of the namespace prod
 * kubernetes://prod/orders:grpc                      the same
 * kubernetes:///orders.prod.svc.cluster.local:8080   the same, as DNS names it
 * kubernetes:///orders                               where the service has one port only
 * }</pre>
 *
 * @param namespace empty for that of this process
 * @param service its name
 * @param port which of its ports
 */
record KubernetesTarget(String namespace, String service, ServicePort port) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** In DNS names of services, behind the namespace. */
  private static final String SERVICES = "svc";

  private static final String EXAMPLES =
      "kubernetes:///service:port, kubernetes:///service.namespace:port or"
          + " kubernetes://namespace/service:port";

  /**
   * Reads the URI of a service.
   *
   * @throws IllegalArgumentException quoting what is wrong
   */
  static KubernetesTarget parse(URI uri) {
    if (uri.isOpaque() || uri.getRawFragment() != null || uri.getPath() == null) {
      throw malformed(uri, "malformed");
    }
    String path = uri.getPath().replaceAll("^/+|/+$", "");
    int colon = path.indexOf(':');
    String host = colon < 0 ? path : path.substring(0, colon);
    String[] labels = host.split("\\.", -1);
    check(uri, "service", labels[0]);
    return new KubernetesTarget(namespace(uri, labels), labels[0], port(uri, path, colon));
  }

  private static String namespace(URI uri, String[] labels) {
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    if (labels.length > 2 && !labels[2].equals(SERVICES)) {
      throw malformed(uri, "behind the namespace only \".svc\" and the cluster's domain may stand");
    }
    String inPath = labels.length > 1 ? labels[1] : "";
    if (!authority.isEmpty() && !inPath.isEmpty() && !authority.equals(inPath)) {
      throw malformed(uri, "names two namespaces, " + authority + " and " + inPath);
    }
    String namespace = inPath.isEmpty() ? authority : inPath;
    if (labels.length > 1 || !namespace.isEmpty()) {
      check(uri, "namespace", namespace);
    }
    return namespace;
  }

  private static ServicePort port(URI uri, String path, int colon) {
    try {
      return colon < 0 ? ServicePort.ONLY : ServicePort.parse(path.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      throw malformed(uri, String.valueOf(e.getMessage()));
    }
  }

  private static void check(URI uri, String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw malformed(uri, "\"" + name + "\" is no name of a " + what);
    }
  }

  private static IllegalArgumentException malformed(URI uri, String why) {
    return new IllegalArgumentException(
        "\"" + uri + "\": " + why + " (expected: " + EXAMPLES + ")");
  }

  /** The service as people write it: {@code orders.prod}, or {@code orders}. */
  String name() {
    return namespace.isEmpty() ? service : service + "." + namespace;
  }
}
