package io.evenkeel.cli.console;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Says why a file cannot be read or written; the message of Java's own often is the path alone. */
public final class FileProblem {

  private FileProblem() {}

  /** The reason without the path. */
  public static String of(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (failure instanceof AccessDeniedException) {
      return "access denied";
    }
    if (failure instanceof CharacterCodingException) {
      return "is not UTF-8";
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
