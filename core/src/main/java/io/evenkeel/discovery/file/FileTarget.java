package io.evenkeel.discovery.file;

import java.net.URI;
import java.nio.file.Path;

/** Reads the path out of a {@code file} URI. */
final class FileTarget {

  private FileTarget() {}

  /**
   * The absolute path that {@code uri} names; its query is the caller's business.
   *
   * @throws IllegalArgumentException if it names none; the message gives an example
   */
  static Path path(URI uri) {
    if (uri.getRawAuthority() != null) {
      throw malformed(uri, "the path begins after three slashes, not two");
    }
    if (uri.getPath() == null || !uri.getPath().startsWith("/")) {
      throw malformed(uri, "the path is not absolute");
    }
    if (uri.getRawFragment() != null) {
      throw malformed(uri, "'#' means nothing here");
    }
    return Path.of(URI.create("file://" + uri.getRawPath()));
  }

  static IllegalArgumentException malformed(URI uri, String why) {
    return new IllegalArgumentException(
        "\"" + uri + "\": " + why + " (example: file:///var/run/services/orders)");
  }
}
