package io.evenkeel.discovery;

/**
 * Watches where one service runs.
 *
 * <p>Write one for a registry of your own, and a {@link DiscoveryProvider} that opens it; the rest
 * is done around it. An implementation says what it sees, also when that is nothing or an error. It
 * need not keep a last good list, retry, limit its rate, leave out what was said before, or look
 * host names up: an address made by {@link java.net.InetSocketAddress#createUnresolved} is looked
 * up for it.
 *
 * <p>Methods are called one at a time, from a thread that must not be blocked: an implementation
 * does its input and output on {@link DiscoveryContext#offloadExecutor()} or threads of its own.
 */
public interface Discovery extends AutoCloseable {

  /**
   * Begins to watch. Called once. At least one call of {@code listener} must follow, from any
   * thread; more may follow whenever something changes.
   */
  void start(DiscoveryListener listener);

  /**
   * Asks to look again now, as after a lost connection. At least one call of the listener must
   * follow, also when nothing changed. Called after {@link #start}, at a limited rate.
   */
  void refresh();

  /**
   * Ends the watch and releases its threads, timers and files. What the listener is told afterwards
   * is ignored. Safe to call twice.
   */
  @Override
  void close();
}
