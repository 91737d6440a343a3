package io.evenkeel.cli.console;

import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Sets up the log: one line per warning on standard error, everything with {@code -v}. */
public final class Logging {
  private static final Logger ROOT = Logger.getLogger("");

  // Held here because the JDK keeps loggers by weak reference only.
  private static final Logger OURS = Logger.getLogger("io.evenkeel");
  private static final Logger ZOOKEEPER = Logger.getLogger("org.apache.zookeeper");

  private Logging() {}

  /**
   * Replaces the JDK's default handlers; the level is FINE for us and INFO for others if verbose.
   */
  public static void configure(Console console) {
    LogManager.getLogManager().reset();
    Handler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(new LineFormatter(console.verbose()));
    ROOT.addHandler(handler);
    ROOT.setLevel(console.verbose() ? Level.INFO : Level.WARNING);
    // It tells of each try to connect, several times a second, and where TLS fails as an error;
    // what comes of them is our warning.
    ZOOKEEPER.setLevel(console.verbose() ? Level.INFO : Level.OFF);
    OURS.setLevel(console.verbose() ? Level.FINE : Level.WARNING);
  }

  private static final class LineFormatter extends Formatter {
    private final boolean withStackTrace;

    LineFormatter(boolean withStackTrace) {
      this.withStackTrace = withStackTrace;
    }

    @Override
    public String format(LogRecord record) {
      StringBuilder line = new StringBuilder(record.getLevel().getName().toLowerCase(Locale.ROOT));
      line.append(": ").append(formatMessage(record));
      Throwable thrown = record.getThrown();
      if (thrown != null) {
        line.append(": ").append(thrown);
      }
      line.append(System.lineSeparator());
      if (thrown != null && withStackTrace) {
        for (StackTraceElement element : thrown.getStackTrace()) {
          line.append("\tat ").append(element).append(System.lineSeparator());
        }
      }
      return line.toString();
    }
  }
}
