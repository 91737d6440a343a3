package io.evenkeel.gateway;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Forwards a call of one question and one answer. Upstream is called when the question is complete
 * and was understood, so a malformed one costs upstream nothing.
 *
 * <p>Thread-safe.
 */
final class UnaryForwarder<Q, R> implements ServerCallHandler<Q, R> {
  private final MethodDescriptor<Q, R> method;
  private final Upstream upstream;

  UnaryForwarder(MethodDescriptor<Q, R> method, Upstream upstream) {
    this.method = method;
    this.upstream = upstream;
  }

  @Override
  public ServerCall.Listener<Q> startCall(ServerCall<Q, R> call, Metadata headers) {
    ServiceRequestContext ctx = ServiceRequestContext.current();
    Exchange exchange = Exchange.of(ctx);
    return new Question(
        upstream.newCall(method, ctx),
        upstream.metadata(headers, exchange),
        new Answer(call, exchange));
  }

  /** Takes the question in and sends it on. Called on the request's event loop only. */
  private final class Question extends ServerCall.Listener<Q> {
    private final ClientCall<Q, R> upstreamCall;
    private final Metadata metadata;
    private final Answer answer;
    private @Nullable Q message;

    Question(ClientCall<Q, R> upstreamCall, Metadata metadata, Answer answer) {
      this.upstreamCall = upstreamCall;
      this.metadata = metadata;
      this.answer = answer;
    }

    @Override
    public void onMessage(Q message) {
      this.message = message;
    }

    @Override
    public void onHalfClose() {
      if (message == null) {
        answer.refuse(Status.INVALID_ARGUMENT.withDescription("the request has no message"));
        return;
      }
      answer.exchange.upstreamStarted();
      upstreamCall.start(answer, metadata);
      // Two, so that an upstream that answers twice is noticed.
      upstreamCall.request(2);
      upstreamCall.sendMessage(message);
      upstreamCall.halfClose();
    }

    @Override
    public void onCancel() {
      upstreamCall.cancel("the client went away", null);
    }
  }

  /** Takes the answer in and sends it back. Called by one thread at a time. */
  private final class Answer extends ClientCall.Listener<R> {
    private final ServerCall<Q, R> call;
    private final Exchange exchange;
    private Metadata headers = new Metadata();
    private @Nullable R message;

    Answer(ServerCall<Q, R> call, Exchange exchange) {
      this.call = call;
      this.exchange = exchange;
    }

    @Override
    public void onHeaders(Metadata headers) {
      this.headers = headers;
    }

    @Override
    public void onMessage(R message) {
      this.message = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      exchange.upstreamClosed(status);
      if (status.isOk() && message == null) {
        refuse(Status.INTERNAL.withDescription("upstream sent no answer"));
        return;
      }
      if (message != null && status.isOk()) {
        call.sendHeaders(upstream.answerMetadata(headers));
        call.sendMessage(message);
      }
      // The cause is this process's own business.
      call.close(status.withCause(null), upstream.answerMetadata(trailers));
    }

    void refuse(Status status) {
      exchange.closed(status);
      call.close(status, new Metadata());
    }
  }
}
