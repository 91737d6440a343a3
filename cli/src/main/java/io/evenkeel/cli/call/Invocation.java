package io.evenkeel.cli.call;

import com.google.protobuf.DynamicMessage;
import io.evenkeel.cli.schema.DynamicMethod;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * One call from start to end.
 *
 * <p>Started on one thread; gRPC then calls back one at a time. {@link #cancel} may come from any.
 */
final class Invocation extends ClientCall.Listener<DynamicMessage> {
  private static final String SERVED_BY = "served_by";

  private final CallTemplate template;
  private final ClientCall<DynamicMessage, DynamicMessage> call;
  private final LoadRun run;
  private final long dueNanos;
  private String servedBy = ""; // callbacks only
  private boolean answered; // callbacks only

  /** A call of {@code run} that should start at {@code dueNanos}. */
  Invocation(CallTemplate template, Channel channel, LoadRun run, long dueNanos) {
    this.template = template;
    this.call = channel.newCall(template.method().grpc(), template.options());
    this.run = run;
    this.dueNanos = dueNanos;
  }

  void start() {
    call.start(this, template.freshHeaders());
    // A second message where one is expected shows only if it is asked for.
    call.request(2);
    template.requests().forEach(call::sendMessage);
    call.halfClose();
  }

  void cancel() {
    call.cancel("stopped by the user", null);
  }

  /** When it should have started, by {@link System#nanoTime}. */
  long dueNanos() {
    return dueNanos;
  }

  @Override
  public void onHeaders(Metadata headers) {
    run.onHeaders(headers);
  }

  @Override
  public void onMessage(DynamicMessage answer) {
    if (!answered) {
      answered = true;
      servedBy = DynamicMethod.textOf(answer, SERVED_BY);
    }
    run.onAnswer(template.method(), answer);
    call.request(1);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    run.onEnd(this, status, trailers, servedBy.isEmpty() ? peer() : servedBy);
  }

  private String peer() {
    SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    if (peer == null) {
      return "";
    }
    return peer instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : peer.toString();
  }
}
