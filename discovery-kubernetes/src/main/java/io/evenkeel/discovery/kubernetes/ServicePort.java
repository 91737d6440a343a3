package io.evenkeel.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which port of a service is meant. EndpointSlices know a port by the name that it has in the
 * service, and by its number in the pods; the number that it has in the service is not there.
 *
 * @param name of the port in the service, empty where it is not chosen by its name
 * @param number in the pods, 0 where it is not chosen by its number
 */
record ServicePort(String name, int number) {
  /** The port of a service that has one only. */
  static final ServicePort ONLY = new ServicePort("", 0);

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern NAME = Pattern.compile("(?=.*[a-z])[a-z0-9]([a-z0-9-]*[a-z0-9])?");
  private static final int MAX_NUMBER = 65535;

  /**
   * Reads {@code 8080} or {@code grpc}.
   *
   * @throws IllegalArgumentException quoting {@code text}
   */
  static ServicePort parse(String text) {
    if (NUMBER.matcher(text).matches()) {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= MAX_NUMBER) {
        return new ServicePort("", number);
      }
    } else if (NAME.matcher(text).matches()) {
      return new ServicePort(text, 0);
    }
    throw new IllegalArgumentException(
        "port \"" + text + "\" is neither 1.." + MAX_NUMBER + " nor the name of a port");
  }

  /** The number of this port where a slice has {@code ports}; 0 where it has none like it. */
  int in(List<EndpointPort> ports) {
    List<EndpointPort> usable = ports.stream().filter(ServicePort::isTcp).toList();
    if (number > 0) {
      // A slice without ports, or a port without a number, means all of them.
      boolean there =
          ports.isEmpty()
              || usable.stream()
                  .anyMatch(each -> each.getPort() == null || each.getPort() == number);
      return there ? number : 0;
    }
    List<Integer> numbers =
        usable.stream()
            .filter(each -> name.isEmpty() || name.equals(each.getName()))
            .map(EndpointPort::getPort)
            .filter(each -> each != null && each >= 1 && each <= MAX_NUMBER)
            .distinct()
            .toList();
    return numbers.size() == 1 ? numbers.get(0) : 0;
  }

  private static boolean isTcp(EndpointPort port) {
    return port.getProtocol() == null || port.getProtocol().toUpperCase(Locale.ROOT).equals("TCP");
  }

  /** Why {@link #in} finds none in {@code ports}. */
  String missing(List<EndpointPort> ports) {
    String there = ports.stream().map(ServicePort::text).collect(Collectors.joining(", "));
    String what = there.isEmpty() ? "no ports" : there;
    if (number > 0) {
      return "no endpoint has port %d, but %s; a number is the port in the pods, not the service's"
          .formatted(number, what);
    }
    return name.isEmpty()
        ? "which port is not clear: there is " + what + "; name one in the target"
        : "no port is named \"%s\": there is %s".formatted(name, what);
  }

  private static String text(EndpointPort port) {
    String number = port.getPort() == null ? "any" : port.getPort().toString();
    String name = port.getName() == null || port.getName().isEmpty() ? "" : port.getName() + "=";
    return name + number + (isTcp(port) ? "" : "/" + port.getProtocol());
  }
}
