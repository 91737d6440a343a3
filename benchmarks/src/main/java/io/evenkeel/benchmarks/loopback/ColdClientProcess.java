package io.evenkeel.benchmarks.loopback;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.evenkeel.benchmarks.Peers;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ClientTransportFilter;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A client process that makes a channel, calls until every endpoint has answered, and prints a line
 * of {@link FirstAnswers}. Arguments: {@link Route}, {@link Start}, the target, the number of its
 * endpoints, the target of one server for what is done before, {@link Security}, and the file that
 * it needs.
 */
public final class ColdClientProcess {
  private static final Duration BETWEEN_CALLS = Duration.ofMillis(1);

  /** In flight once all are connected, to reach each of them soon. */
  private static final int SWEEP_IN_FLIGHT = 16;

  private static final long BOUND_SECONDS = 120;

  private final ManagedChannel channel;
  private final int endpoints;
  private final long startNanos = System.nanoTime();
  private final CountDownLatch unconnected;
  private final CountDownLatch allAnswered = new CountDownLatch(1);
  private final Set<SocketAddress> answered = ConcurrentHashMap.newKeySet();
  private final AtomicLong firstNanos = new AtomicLong();
  private final AtomicLong allNanos = new AtomicLong();
  private final AtomicInteger failed = new AtomicInteger();

  private ColdClientProcess(Client client, String target, int endpoints) {
    this.endpoints = endpoints;
    this.unconnected = new CountDownLatch(endpoints);
    this.channel = client.open(target, new ConnectionCounter());
  }

  public static void main(String[] arguments) throws InterruptedException, IOException {
    Peers.plain("round_robin");
    Security security = Security.valueOf(arguments[5]);
    Client client =
        new Client(Route.valueOf(arguments[0]), security, security.channel(Path.of(arguments[6])));
    if (Start.valueOf(arguments[1]) == Start.CALLED_BEFORE) {
      new ColdClientProcess(client, arguments[4], 1).run();
    }
    int endpoints = Integer.parseInt(arguments[3]);
    System.out.println(new ColdClientProcess(client, arguments[2], endpoints).run().toLine());
    // Closing thousands of connections one by one shows nothing.
    Runtime.getRuntime().halt(0);
  }

  private FirstAnswers run() throws InterruptedException {
    long endNanos = startNanos + SECONDS.toNanos(BOUND_SECONDS);
    while (!unconnected.await(BETWEEN_CALLS.toNanos(), NANOSECONDS)
        && System.nanoTime() - endNanos < 0) {
      call(Answer::new);
    }
    boolean connected = unconnected.getCount() == 0;
    long connectedNanos = System.nanoTime() - startNanos;
    for (int i = 0; i < SWEEP_IN_FLIGHT; i++) {
      call(SweepAnswer::new);
    }
    boolean all = allAnswered.await(endNanos - System.nanoTime(), NANOSECONDS);
    channel.shutdownNow();
    return new FirstAnswers(
        firstNanos.get() / 1e6,
        connected ? connectedNanos / 1e6 : Double.NaN,
        all ? allNanos.get() / 1e6 : Double.NaN,
        answered.size(),
        failed.get());
  }

  private void call(Function<ClientCall<byte[], byte[]>, Answer> answer) {
    ClientCall<byte[], byte[]> call = channel.newCall(Echo.METHOD, CallOptions.DEFAULT);
    call.start(answer.apply(call), new Metadata());
    call.request(1);
    call.sendMessage(Echo.payload());
    call.halfClose();
  }

  private void onAnswer(SocketAddress server) {
    long nanos = System.nanoTime() - startNanos;
    firstNanos.compareAndSet(0, nanos);
    if (answered.add(server) && answered.size() == endpoints) {
      allNanos.set(nanos);
      allAnswered.countDown();
    }
  }

  private record Client(Route route, Security security, ChannelCredentials credentials) {

    ManagedChannel open(String target, ClientTransportFilter filter) {
      return route.open(
          target,
          credentials,
          builder -> {
            security.expectName(builder);
            builder.addTransportFilter(filter);
          });
    }
  }

  private class Answer extends ClientCall.Listener<byte[]> {
    private final ClientCall<byte[], byte[]> call;

    Answer(ClientCall<byte[], byte[]> call) {
      this.call = call;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (status.isOk()) {
        onAnswer(Objects.requireNonNull(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
      } else if (allAnswered.getCount() > 0) {
        failed.incrementAndGet();
      }
    }
  }

  /** Is followed by the next call. */
  private final class SweepAnswer extends Answer {
    SweepAnswer(ClientCall<byte[], byte[]> call) {
      super(call);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      super.onClose(status, trailers);
      if (allAnswered.getCount() > 0) {
        ColdClientProcess.this.call(SweepAnswer::new);
      }
    }
  }

  /** Hears of each connection that is ready for calls, whichever balancer made it. */
  private final class ConnectionCounter extends ClientTransportFilter {
    @Override
    public Attributes transportReady(Attributes attributes) {
      unconnected.countDown();
      return attributes;
    }
  }
}
