package io.evenkeel.discovery.etcd;

import com.google.common.util.concurrent.ListenableFuture;
import io.evenkeel.Targets;
import io.evenkeel.discovery.RegistryCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One connection to each member of an etcd cluster, and the calls on them.
 *
 * <p>It speaks etcd's protocol through the stubs that jetcd generates, over whatever transport the
 * application uses for gRPC, and does nothing by itself: it repeats no call, resumes no watch and
 * renews no lease. A call fails within {@link #CALL_TIMEOUT}, a member that went silent is noticed
 * within {@link #SILENCE} and {@link #PING_TIMEOUT}, and a member without a leader refuses. Who
 * sees a failure closes the client and opens another one: gRPC's own connection back-off, which
 * grows to two minutes, then does not delay the recovery.
 *
 * <p>Thread-safe. It owns no thread: calls end on gRPC's shared executor, or on the one given with
 * the call.
 */
final class EtcdClient implements AutoCloseable {
  /** Bound on every call but streams. */
  static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

  /** After so long without a word a member is asked whether it is there; gRPC's least is 10 s. */
  static final Duration SILENCE = Duration.ofSeconds(10);

  /** How long the answer to that may take. */
  static final Duration PING_TIMEOUT = Duration.ofSeconds(5);

  /** Bound on one answer: 100,000 instances with some metadata. */
  private static final int MAX_ANSWER_BYTES = 64 << 20;

  /** A member that has lost the others' majority then refuses, instead of falling silent. */
  private static final Metadata.Key<String> REQUIRE_LEADER =
      Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel channel;
  private final Channel calls;
  private final CallOptions options;

  /** Opens a client; may block. */
  interface Factory {
    EtcdClient open() throws IOException;
  }

  private EtcdClient(ManagedChannel channel, CallOptions options) {
    Metadata headers = new Metadata();
    headers.put(REQUIRE_LEADER, "true");
    this.channel = channel;
    this.calls =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    this.options = options;
  }

  /**
   * Opens a client; connects with the first call. May block, as files of credentials are read.
   *
   * @throws IOException naming the file of credentials that cannot be read
   */
  static EtcdClient open(EtcdTarget target, EtcdAccess access) throws IOException {
    ManagedChannel channel =
        Grpc.newChannelBuilder(
                Targets.escape("fixed:///" + target.memberList()), access.channelCredentials())
            .defaultLoadBalancingPolicy("round_robin")
            .keepAliveTime(SILENCE.toNanos(), TimeUnit.NANOSECONDS)
            .keepAliveTimeout(PING_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)
            .maxInboundMessageSize(MAX_ANSWER_BYTES)
            .disableRetry()
            .build();
    return over(channel, access.credentials());
  }

  /** A client over {@code channel}, which it closes. */
  static EtcdClient over(ManagedChannel channel, RegistryCredentials credentials) {
    EtcdToken token = EtcdToken.of(credentials, channel);
    return new EtcdClient(
        channel,
        token == null ? CallOptions.DEFAULT : CallOptions.DEFAULT.withCallCredentials(token));
  }

  /** One question and its answer. */
  <Q, A> ListenableFuture<A> call(MethodDescriptor<Q, A> method, Q question) {
    return ClientCalls.futureUnaryCall(
        calls.newCall(
            method, options.withDeadlineAfter(CALL_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)),
        question);
  }

  /**
   * Opens a stream of questions and answers, without a deadline; {@code answers} hears its end, and
   * gets hold of the questions' side before anything else.
   */
  <Q, A> ClientCallStreamObserver<Q> stream(
      MethodDescriptor<Q, A> method, ClientResponseObserver<Q, A> answers) {
    ClientCall<Q, A> call = calls.newCall(method, options);
    return (ClientCallStreamObserver<Q>) ClientCalls.asyncBidiStreamingCall(call, answers);
  }

  /** Ends all calls and connections; does not wait for that. Safe to call twice. */
  @Override
  public void close() {
    channel.shutdownNow();
  }
}
