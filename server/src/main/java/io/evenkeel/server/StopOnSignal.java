package io.evenkeel.server;

/**
 * Stops a server in order when the JVM is asked to end, as by SIGTERM or SIGINT.
 *
 * <p>The JVM waits for it: what bounds the stop bounds the end of the process.
 */
final class StopOnSignal {
  private final Thread hook;

  private StopOnSignal(Thread hook) {
    this.hook = hook;
  }

  static StopOnSignal install(EvenkeelServer server) {
    Thread hook = new Thread(server::close, "evenkeel-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    return new StopOnSignal(hook);
  }

  /** Forgets the server, which was stopped otherwise. */
  void remove() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // The hook is running, or will run and find the server stopped.
      return;
    }
  }
}
