package io.evenkeel.config;

import java.nio.charset.CharacterCodingException;

/** Says in a user's words why a text is no JSON. */
public final class JsonProblem {
  /** What Gson has for programmers. */
  private static final String ADVICE =
      "Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON";

  private JsonProblem() {}

  /** One line for what a parser, or the reader below it, threw. */
  public static String of(Throwable failure) {
    if (failure instanceof CharacterCodingException) {
      return "is not UTF-8";
    }
    String message = String.valueOf(failure.getMessage());
    int end = message.indexOf('\n');
    return (end < 0 ? message : message.substring(0, end)).replace(ADVICE, "unexpected text");
  }
}
