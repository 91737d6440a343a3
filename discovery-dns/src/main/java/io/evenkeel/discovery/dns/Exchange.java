package io.evenkeel.discovery.dns;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;

/**
 * A query on its way over a socket of its own, until it is answered or has failed. The answer's
 * future completes after the socket is closed. All but {@link #fail} belongs to one thread.
 */
abstract class Exchange {
  private static final Logger log = System.getLogger(Exchange.class.getName());

  private final SelectableChannel channel;
  private final Message query;
  private final long endNanos;
  private final CompletableFuture<Message> answer = new CompletableFuture<>();

  Exchange(SelectableChannel channel, Message query, long endNanos) {
    this.channel = channel;
    this.query = query;
    this.endNanos = endNanos;
  }

  CompletableFuture<Message> answer() {
    return answer;
  }

  long endNanos() {
    return endNanos;
  }

  /** Begins to wait for the socket. */
  void register(Selector selector) {
    try {
      channel.register(selector, firstOperation(), this);
    } catch (IOException e) {
      fail(e);
    }
  }

  /** What the socket is waited for at first, one of {@link SelectionKey}'s operations. */
  abstract int firstOperation();

  /** The socket is ready for what it was waited for. */
  abstract void ready(SelectionKey key) throws IOException;

  /** Ends this without an answer; nothing happens if it has ended. Any thread. */
  void fail(IOException e) {
    close();
    answer.completeExceptionally(e);
  }

  void succeed(Message message) {
    close();
    answer.complete(message);
  }

  private void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is gone in any case.
      log.log(Level.DEBUG, "a socket to a name server did not close", e);
    }
  }

  /** Reads {@code bytes}; null unless they are an answer to the query. */
  @Nullable Message parse(byte[] bytes) {
    Message message;
    try {
      message = new Message(bytes);
    } catch (IOException | RuntimeException garbage) {
      return null;
    }
    return isAnswer(message) ? message : null;
  }

  /** RFC 5452: what does not repeat id and question was not sent by who was asked. */
  private boolean isAnswer(Message message) {
    if (message.getHeader().getID() != query.getHeader().getID()
        || !message.getHeader().getFlag(Flags.QR)
        || message.getHeader().getOpcode() != Opcode.QUERY) {
      return false;
    }
    Record asked = query.getQuestion();
    Record repeated = message.getQuestion();
    if (repeated == null) {
      return message.getRcode() == Rcode.FORMERR || message.getRcode() == Rcode.NOTIMP;
    }
    return repeated.getName().equals(asked.getName())
        && repeated.getType() == asked.getType()
        && repeated.getDClass() == asked.getDClass();
  }
}
