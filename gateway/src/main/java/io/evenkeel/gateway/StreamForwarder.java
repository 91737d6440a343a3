package io.evenkeel.gateway;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;

/**
 * Forwards a streaming call message by message. Each side is asked for its next message only when
 * the other side can take one, so a slow reader slows its writer and nothing piles up here.
 *
 * <p>Thread-safe.
 */
final class StreamForwarder<Q, R> implements ServerCallHandler<Q, R> {
  private final MethodDescriptor<Q, R> method;
  private final Upstream upstream;

  StreamForwarder(MethodDescriptor<Q, R> method, Upstream upstream) {
    this.method = method;
    this.upstream = upstream;
  }

  @Override
  public ServerCall.Listener<Q> startCall(ServerCall<Q, R> call, Metadata headers) {
    ServiceRequestContext ctx = ServiceRequestContext.current();
    Exchange exchange = Exchange.of(ctx);
    ClientCall<Q, R> upstreamCall = upstream.newCall(method, ctx);
    Bridge bridge = new Bridge(call, upstreamCall, exchange);
    exchange.upstreamStarted();
    upstreamCall.start(bridge.answers(), upstream.metadata(headers, exchange));
    call.request(1);
    upstreamCall.request(1);
    return bridge.questions();
  }

  /** The two halves of one call. Each is called by one thread at a time, but not by the same. */
  private final class Bridge {
    private final ServerCall<Q, R> client;
    private final ClientCall<Q, R> upstreamCall;
    private final Exchange exchange;
    private boolean questionWanted; // guarded by this
    private boolean answerWanted; // guarded by this

    Bridge(ServerCall<Q, R> client, ClientCall<Q, R> upstreamCall, Exchange exchange) {
      this.client = client;
      this.upstreamCall = upstreamCall;
      this.exchange = exchange;
    }

    /** Asks the client for its next message as soon as upstream can take it. */
    private synchronized void wantQuestion() {
      questionWanted = !upstreamCall.isReady();
      if (!questionWanted) {
        client.request(1);
      }
    }

    private synchronized void upstreamIsReady() {
      if (questionWanted) {
        wantQuestion();
      }
    }

    /** Asks upstream for its next message as soon as the client can take it. */
    private synchronized void wantAnswer() {
      answerWanted = !client.isReady();
      if (!answerWanted) {
        upstreamCall.request(1);
      }
    }

    private synchronized void clientIsReady() {
      if (answerWanted) {
        wantAnswer();
      }
    }

    ServerCall.Listener<Q> questions() {
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(Q message) {
          upstreamCall.sendMessage(message);
          wantQuestion();
        }

        @Override
        public void onHalfClose() {
          upstreamCall.halfClose();
        }

        @Override
        public void onCancel() {
          upstreamCall.cancel("the client went away", null);
        }

        @Override
        public void onReady() {
          clientIsReady();
        }
      };
    }

    ClientCall.Listener<R> answers() {
      return new ClientCall.Listener<>() {
        @Override
        public void onHeaders(Metadata headers) {
          client.sendHeaders(upstream.answerMetadata(headers));
        }

        @Override
        public void onMessage(R message) {
          client.sendMessage(message);
          wantAnswer();
        }

        @Override
        public void onReady() {
          upstreamIsReady();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
          exchange.upstreamClosed(status);
          // The cause is this process's own business.
          client.close(status.withCause(null), upstream.answerMetadata(trailers));
        }
      };
    }
  }
}
