package io.evenkeel.cli.schema;

import io.evenkeel.cli.console.CommandException;

/**
 * The full name of a method, as in {@code echo.EchoService/Echo}.
 *
 * @param service with its package
 * @param method without it
 */
public record MethodName(String service, String method) {

  /** Reads {@code package.Service/Method}; {@code package.Service.Method} is understood as well. */
  public static MethodName parse(String text) {
    int slash = text.indexOf('/') >= 0 ? text.indexOf('/') : text.lastIndexOf('.');
    if (slash <= 0 || slash == text.length() - 1 || text.indexOf('/', slash + 1) >= 0) {
      throw CommandException.usage(
          "method '" + text + "' (expected: package.Service/Method, as in echo.EchoService/Echo)");
    }
    return new MethodName(text.substring(0, slash), text.substring(slash + 1));
  }

  @Override
  public String toString() {
    return service + "/" + method;
  }
}
