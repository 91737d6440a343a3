package io.evenkeel.server;

import java.io.IOException;

/** The main class of a process that serves until it is told to end. */
final class SignalledProcess {
  static final String LISTENING = "listening";

  private SignalledProcess() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    EvenkeelServer server =
        Servers.builder(new Gate()).stopOnSignal().reportStop(System.out::println).start();
    System.out.println(LISTENING);
    server.awaitTermination();
  }
}
