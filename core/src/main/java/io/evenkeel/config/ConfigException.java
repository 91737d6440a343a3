package io.evenkeel.config;

/** Says which field of a configuration holds what, and what was expected. */
public class ConfigException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }
}
