package io.evenkeel.balancer;

import io.grpc.ClientStreamTracer;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelStateListener;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.util.ForwardingClientStreamTracer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one endpoint that may have more than one: further ones where a connection
 * takes no more streams, or one that is to replace an old one.
 *
 * <p>Calls go to one of the connections until it is nearly full, then to the one with the fewest.
 * While each has as many streams as it takes, the endpoint is full, and the next connection is
 * made: a stream more would wait in the transport, where nobody sees it.
 *
 * <p>Streams are counted on the threads of calls; the rest is for the synchronization context.
 * Calls that are picked at the same moment may exceed a connection's bound by as many.
 */
final class ConnectionSet {
  private static final double JITTER = 0.1;

  private final SubchannelConnection owner;
  private final ConnectionsConfig config;
  private final ConnectionHost host;
  private volatile List<Member> members = List.of(); // that are up, the first one first
  private volatile @Nullable Member current; // to which calls go
  private volatile @Nullable Member opening; // that is being made, besides the first
  private long dueNanos = Long.MAX_VALUE; // when the first is to be replaced

  ConnectionSet(SubchannelConnection owner, ConnectionsConfig config, ConnectionHost host) {
    this.owner = owner;
    this.config = config;
    this.host = host;
  }

  /** The first connection is up. */
  PickResult first(Subchannel subchannel) {
    age();
    Member first = new Member(subchannel);
    members = List.of(first);
    current = first;
    return first.result;
  }

  /** Where calls go. */
  @Nullable PickResult target() {
    Member target = current;
    return target == null ? null : target.result;
  }

  /** How many connections are up. Any thread. */
  int size() {
    return members.size();
  }

  /** Whether another connection is being made. Any thread. */
  boolean isOpening() {
    return opening != null;
  }

  /** How many calls all connections together take. Any thread. */
  int room() {
    return config.maxStreams() == ConnectionsConfig.ANY_NUMBER
        ? ConnectionsConfig.ANY_NUMBER
        : Math.max(1, members.size()) * config.maxStreams();
  }

  /**
   * The first connection is lost: makes another one the first, and answers how it is reached; null
   * when there is none.
   */
  @Nullable PickResult promote() {
    List<Member> left = members.isEmpty() ? List.of() : members.subList(1, members.size());
    members = List.copyOf(left);
    if (left.isEmpty()) {
      current = null;
      return null;
    }
    current = left.get(0);
    owner.onRoom();
    return left.get(0).result;
  }

  /** Makes a connection that takes the place of the first when it is up. */
  void renew() {
    open(Purpose.REPLACE);
  }

  /** Lets go of all connections but the first, whose owner does it. */
  void close() {
    members.stream().skip(1).forEach(member -> member.subchannel.shutdown());
    members = List.of();
    current = null;
    Member unfinished = opening;
    opening = null;
    if (unfinished != null) {
      unfinished.subchannel.shutdown();
    }
  }

  /** How long the first connection has been too old; negative while it is not. */
  long overdueNanos(long nowNanos) {
    return dueNanos == Long.MAX_VALUE ? -1 : nowNanos - dueNanos;
  }

  /** A connection begins its life. */
  private void age() {
    config
        .maxAge()
        .ifPresent(
            age -> {
              double spread = 1 + JITTER * (2 * host.random().nextDouble() - 1);
              dueNanos = host.nanoTime() + (long) (age.toNanos() * spread);
            });
  }

  private enum Purpose {
    ADD,
    REPLACE
  }

  private void open(Purpose purpose) {
    if (opening != null || members.isEmpty()) {
      return;
    }
    Subchannel subchannel =
        host.helper()
            .createSubchannel(
                CreateSubchannelArgs.newBuilder().setAddresses(owner.group()).build());
    Member member = new Member(subchannel);
    opening = member;
    subchannel.start(new Watch(member, purpose));
    subchannel.requestConnection();
  }

  /** Another one is needed, if there may be one. */
  private void grow() {
    if (members.size() < config.maxPerEndpoint() && current != null && current.isBusy()) {
      open(Purpose.ADD);
    }
  }

  private void onUp(Member member, Purpose purpose) {
    opening = null;
    List<Member> next = new ArrayList<>(members);
    if (purpose == Purpose.REPLACE && !next.isEmpty()) {
      age();
      Member old = next.set(0, member);
      members = List.copyOf(next);
      current = member;
      owner.replaceFirst(member.subchannel, member.result);
      old.subchannel.shutdown();
    } else {
      next.add(member);
      members = List.copyOf(next);
      retarget();
    }
    owner.onRoom();
  }

  private void onGone(Member member) {
    if (opening == member) {
      opening = null;
    } else {
      List<Member> next = new ArrayList<>(members);
      next.remove(member);
      members = List.copyOf(next);
      retarget();
    }
    member.subchannel.shutdown();
    owner.onRoom();
  }

  /** Sends calls to the connection with the fewest. Any thread. */
  private void retarget() {
    Member before = current;
    Member fewest = null;
    for (Member member : members) {
      if (fewest == null || member.streams() < fewest.streams()) {
        fewest = member;
      }
    }
    if (before == null || fewest == null || fewest.equals(before)) {
      return;
    }
    current = fewest;
    owner.retarget(before.result, fewest.result);
  }

  /** One connection. It makes the tracers of its calls, and counts their streams. */
  private final class Member extends ClientStreamTracer.Factory {
    private final Subchannel subchannel;
    private final PickResult result;
    private final AtomicInteger streams = new AtomicInteger();

    Member(Subchannel subchannel) {
      this.subchannel = subchannel;
      this.result = PickResult.withSubchannel(subchannel, this);
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      return new StreamCount(owner.load().newClientStreamTracer(info, headers), this);
    }

    int streams() {
      // gRPC does not close every stream; when none is left, what is still counted was such.
      if (streams.get() != 0 && owner.load().inFlight() == 0) {
        streams.set(0);
      }
      return streams.get();
    }

    /** Whether the next one should be on its way. */
    boolean isBusy() {
      return streams() * 2L >= config.maxStreams();
    }

    void started() {
      int count = streams.incrementAndGet();
      if (count >= config.maxStreams()) {
        retarget();
      }
      if (count * 2L >= config.maxStreams()
          && opening == null
          && members.size() < config.maxPerEndpoint()) {
        host.soon(ConnectionSet.this::grow);
      }
    }

    void ended() {
      streams.decrementAndGet();
    }
  }

  private static final class StreamCount extends ForwardingClientStreamTracer {
    private final ClientStreamTracer delegate;
    private final Member member;
    private boolean ended;

    StreamCount(ClientStreamTracer delegate, Member member) {
      this.delegate = delegate;
      this.member = member;
      member.started();
    }

    @Override
    protected ClientStreamTracer delegate() {
      return delegate;
    }

    @Override
    public void streamClosed(Status status) {
      if (!ended) {
        ended = true; // gRPC closes a stream once, on one thread
        member.ended();
      }
      super.streamClosed(status);
    }
  }

  /** Follows a connection that was not the first one when it was made. */
  private final class Watch implements SubchannelStateListener {
    private final Member member;
    private final Purpose purpose;

    Watch(Member member, Purpose purpose) {
      this.member = member;
      this.purpose = purpose;
    }

    @Override
    public void onSubchannelState(ConnectivityStateInfo info) {
      ConnectivityState state = info.getState();
      if (owner.isFirst(member.subchannel)) {
        owner.onSubchannelState(info);
      } else if (state == ConnectivityState.READY && member.equals(opening)) {
        onUp(member, purpose);
      } else if (state == ConnectivityState.TRANSIENT_FAILURE || state == ConnectivityState.IDLE) {
        if (member.equals(opening) || members.contains(member)) {
          onGone(member);
        }
      }
    }
  }
}
