package io.evenkeel.discovery.dns;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;

/**
 * Exchanges DNS messages over sockets, all with one thread, which exists only while somebody {@link
 * #open()}s it. Each exchange has a socket of its own, with a port that the system chooses at
 * random.
 *
 * <p>Futures complete on that thread, so what follows them must not block. Thread-safe.
 */
final class DnsSockets implements Exchanger {
  /** One for the process. */
  static final DnsSockets SHARED = new DnsSockets(System::nanoTime);

  private static final Logger log = System.getLogger(DnsSockets.class.getName());

  private final LongSupplier ticker;
  private int users; // guarded by this
  private @Nullable Loop loop; // guarded by this

  DnsSockets(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** Keeps the thread from now until {@link Use#close()}. */
  Use open() {
    synchronized (this) {
      users++;
    }
    return new Use();
  }

  private synchronized void release() {
    users--;
    if (users == 0 && loop != null) {
      loop.end();
      loop = null;
    }
  }

  @Override
  public CompletableFuture<Message> send(
      Transport transport, InetSocketAddress server, Message query, long timeoutNanos) {
    long endNanos = ticker.getAsLong() + timeoutNanos;
    try {
      Loop running = running();
      Exchange exchange =
          transport == Transport.UDP
              ? new UdpExchange(server, query, endNanos)
              : new TcpExchange(server, query, endNanos);
      running.add(exchange);
      return exchange.answer();
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    } catch (UnsupportedAddressTypeException noSuchFamilyHere) {
      return CompletableFuture.failedFuture(
          new IOException(
              "is of a kind of addresses that this process does not use", noSuchFamilyHere));
    }
  }

  private synchronized Loop running() throws IOException {
    if (users == 0) {
      throw new IOException("closed");
    }
    if (loop == null) {
      loop = new Loop(Selector.open());
      Thread thread = new Thread(loop, "evenkeel-dns");
      thread.setDaemon(true);
      thread.start();
    }
    return loop;
  }

  private synchronized void forget(Loop failed) {
    if (loop == failed) {
      loop = null;
    }
  }

  /** One user's hold on the thread. */
  final class Use implements AutoCloseable {
    private boolean over; // guarded by DnsSockets.this

    @Override
    public void close() {
      synchronized (DnsSockets.this) {
        if (!over) {
          over = true;
          release();
        }
      }
    }
  }

  /** Waits for sockets and for the ends of exchanges. */
  private final class Loop implements Runnable {
    private final Selector selector;
    private final Queue<Exchange> added = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    Loop(Selector selector) {
      this.selector = selector;
    }

    void add(Exchange exchange) {
      added.add(exchange);
      selector.wakeup();
      if (ended) {
        exchange.fail(new IOException("closed"));
      }
    }

    void end() {
      ended = true;
      selector.wakeup();
    }

    @Override
    public void run() {
      try (selector) {
        serve();
      } catch (IOException e) {
        log.log(Level.DEBUG, "the selector of name servers' sockets did not close", e);
      }
    }

    /** However it ends, nobody waits for it any more, and the next query begins another. */
    private void serve() {
      try {
        while (!ended) {
          round();
        }
      } catch (IOException | RuntimeException e) {
        log.log(Level.WARNING, "waiting for name servers failed; it is begun anew", e);
      } finally {
        ended = true;
        forget(this);
        exchanges().forEach(each -> each.fail(new IOException("closed")));
      }
    }

    private void round() throws IOException {
      selector.select(this::ready, waitMillis());
      for (Exchange each = added.poll(); each != null; each = added.poll()) {
        each.register(selector);
      }
      long now = ticker.getAsLong();
      for (Exchange each : exchanges()) {
        if (each.endNanos() - now <= 0) {
          each.fail(new IOException("no answer"));
        }
      }
    }

    private void ready(SelectionKey key) {
      Exchange exchange = (Exchange) key.attachment();
      try {
        exchange.ready(key);
      } catch (IOException e) {
        exchange.fail(e);
      } catch (RuntimeException e) {
        exchange.fail(new IOException("a name server's answer could not be handled: " + e, e));
      }
    }

    /** At least 1: 0 would wait for ever. */
    private long waitMillis() {
      if (!added.isEmpty()) {
        return 1;
      }
      long now = ticker.getAsLong();
      long nanos = TimeUnit.DAYS.toNanos(1);
      for (Exchange each : exchanges()) {
        nanos = Math.min(nanos, each.endNanos() - now);
      }
      return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }

    private List<Exchange> exchanges() {
      List<Exchange> all = new ArrayList<>();
      if (selector.isOpen()) {
        for (SelectionKey key : selector.keys()) {
          if (key.isValid()) {
            all.add((Exchange) key.attachment());
          }
        }
      }
      if (ended) {
        all.addAll(added);
      }
      return all;
    }
  }
}
