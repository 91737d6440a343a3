package io.evenkeel.gateway;

import com.linecorp.armeria.server.Server;
import io.evenkeel.ChannelBuilder;
import io.evenkeel.Evenkeel;
import io.evenkeel.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server that turns JSON requests into gRPC calls and their answers back, by the {@code
 * google.api.http} annotations of the services it is given; it needs their descriptors, not their
 * generated code.
 *
 * <pre>{@code
 * EvenkeelChannel orders = Gateway.upstream("file:///run/orders").plaintext().build();
 * Gateway gateway =
 *     Gateway.builder()
 *         .port(4000)
 *         .route(OrderProto.getDescriptor().findServiceByName("OrderService"), orders)
 *         .build()
 *         .start();
 * }</pre>
 *
 * <p>On the same port, over HTTP/1.1 and HTTP/2 without TLS: native gRPC, gRPC-Web and plain JSON
 * {@code POST /package.Service/Method} of the same services; {@code GET /livez}, 200 while the
 * process lives; {@code GET /readyz}, 200 while every upstream can serve.
 *
 * <p>Errors are answered with the HTTP status of the {@code google.rpc.Code} table and the body
 * {@code {"code":14,"status":"UNAVAILABLE","message":"…"}}.
 *
 * <p>Limits: only unary methods have JSON routes, streaming ones are reached by gRPC and gRPC-Web;
 * a body is buffered whole; trailers of a unary answer reach gRPC clients only.
 *
 * <p>Thread-safe.
 */
public final class Gateway implements AutoCloseable {
  private static final int ATTEMPTS = 3;

  private final GatewaySettings settings;
  private final Drain drain = new Drain();
  private final EventLoops eventLoops = new EventLoops();
  private final Server server;
  private @Nullable Thread signalHook; // guarded by this
  private @Nullable CompletableFuture<Void> ended; // guarded by this

  Gateway(GatewaySettings settings, List<ForwardedService> services) {
    this.settings = settings;
    this.server = new HttpServer(settings, services, drain, eventLoops).build();
  }

  /** Starts a gateway that has no routes yet. */
  public static GatewayBuilder builder() {
    return new GatewayBuilder();
  }

  /**
   * Starts a channel that suits a gateway: it asks quiet connections whether they live, and tries a
   * call up to three times when its endpoint is UNAVAILABLE. Choose {@code plaintext()} or leave
   * TLS, and {@code retries(…)} anew when a call must not run twice.
   *
   * @param target as in {@link Evenkeel#channel}
   */
  public static ChannelBuilder upstream(String target) {
    return Evenkeel.channel(target)
        .keepAlive(Duration.ofSeconds(30), Duration.ofSeconds(10))
        .retries(RetryPolicy.onUnavailable(ATTEMPTS));
  }

  /**
   * Opens the port.
   *
   * @throws IllegalStateException if that fails, because the port is taken for example
   */
  public Gateway start() {
    try {
      server.start().join();
    } catch (CompletionException e) {
      neverStarted();
      throw new IllegalStateException(
          "the gateway cannot listen on " + settings.address() + ": " + e.getCause(), e.getCause());
    }
    return this;
  }

  /**
   * The port it listens on.
   *
   * @throws IllegalStateException if it has not been started
   */
  public int port() {
    return server.activeLocalPort();
  }

  /**
   * Closes this gateway when the process is told to end, by SIGTERM or SIGINT. What the program
   * itself has to close after it, such as the upstream channels, ends with the process.
   */
  public synchronized Gateway stopOnSignal() {
    if (signalHook == null) {
      signalHook = new Thread(this::close, "evenkeel-gateway-stop");
      Runtime.getRuntime().addShutdownHook(signalHook);
    }
    return this;
  }

  /**
   * Ends in order: {@code /readyz} says 503 while all is served as before, for the drain delay;
   * then no new connection is accepted and requests in flight finish, within the drain timeout;
   * then what is left is cut. The upstream channels stay open. Safe to call twice; the second call
   * waits for the first.
   */
  @Override
  public void close() {
    forgetSignal();
    ended().join();
  }

  /** Armeria ends its threads when it cannot start, so nothing is left to close. */
  private synchronized void neverStarted() {
    ended = CompletableFuture.completedFuture(null);
  }

  private synchronized CompletableFuture<Void> ended() {
    if (ended == null) {
      drain.begin();
      long delayNanos = settings.drain().delay().toNanos();
      ended =
          CompletableFuture.runAsync(
                  this::stopAccepting, task -> eventLoops.runLater(task, delayNanos))
              .thenCompose(unused -> server.stop())
              .whenComplete((unused, failure) -> eventLoops.end());
    }
    return ended;
  }

  private void stopAccepting() {
    drain.closeConnections();
    eventLoops.stopListening();
  }

  private synchronized void forgetSignal() {
    if (signalHook == null || Thread.currentThread() == signalHook) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(signalHook);
    } catch (IllegalStateException e) {
      // The process is ending already; the hook finds the gateway closed.
      return;
    }
    signalHook = null;
  }
}
