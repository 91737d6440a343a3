package io.evenkeel.gateway;

/** What is said to a client about its own input. */
final class Text {
  /** An answer never echoes more of its request than this. */
  private static final int MAX_LENGTH = 300;

  private Text() {}

  static String shortened(String text) {
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
  }
}
