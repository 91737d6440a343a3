package io.evenkeel.cli.schema;

/** Knows methods by name. Which kinds exist: {@link Reflection} and {@link SchemaFiles}. */
public interface MethodSource {

  /**
   * Finds {@code method}.
   *
   * @throws io.evenkeel.cli.console.CommandException if there is none of that name; the message
   *     names those that exist where they are known
   */
  DynamicMethod find(MethodName method);
}
