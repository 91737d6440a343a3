package io.evenkeel.cli.check;

/**
 * Something wrong in a JSON file.
 *
 * @param pointer where, as a JSON pointer (RFC 6901); empty for the whole file
 * @param message what, and what was expected
 */
public record Finding(String pointer, String message) {

  @Override
  public String toString() {
    return (pointer.isEmpty() ? "/" : pointer) + ": " + message;
  }
}
