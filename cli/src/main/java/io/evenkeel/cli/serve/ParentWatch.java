package io.evenkeel.cli.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Ends this process, in order, when the one that started it is gone.
 *
 * <p>The parent holds the other end of our standard input, and the operating system closes that end
 * however the parent dies.
 */
final class ParentWatch {

  private ParentWatch() {}

  static void start(InputStream stdin) {
    Thread watch = new Thread(() -> exitAtEnd(stdin), "evenkeel-parent");
    watch.setDaemon(true);
    watch.start();
  }

  private static void exitAtEnd(InputStream stdin) {
    try {
      // Whatever it writes, it lives.
      stdin.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // A pipe that cannot be read has no other end either.
      System.exit(0);
    }
    System.exit(0);
  }
}
