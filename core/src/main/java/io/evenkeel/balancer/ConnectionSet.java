package io.evenkeel.balancer;

import io.evenkeel.load.EndpointLoad;
import io.grpc.ClientStreamTracer;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelStateListener;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one endpoint that may have more than one: further ones where a connection
 * takes no more streams, or one that is to replace an old one.
 *
 * <h2>What a connection takes</h2>
 *
 * A server bounds the streams of a connection (MAX_CONCURRENT_STREAMS), and gRPC lets those above
 * wait in the transport, from where they cannot be moved. The bound is configured, or learnt: while
 * calls are {@linkplain CountedConnection#stuck stuck} in a connection, it takes as many as have
 * left it. Should more leave it one day, it takes more.
 *
 * <h2>Where calls go</h2>
 *
 * To one connection until it has as many as it takes, then to the one with the fewest. When one is
 * half full the next is made. What is learnt never refuses a call: while all connections there may
 * be are full, calls wait in the transport, and {@link QueueWatch} says so. A bound that is
 * configured does: calls wait in the channel while the next connection is made, and when there may
 * be no more the endpoint is full.
 *
 * <p>Streams are counted on the threads of calls; the rest is for the synchronization context.
 * Calls that are picked at the same moment may exceed a connection's bound by as many.
 */
final class ConnectionSet {
  /** A further connection that could not be made within this is waited for and tried no longer. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final SubchannelConnection owner;
  private final ConnectionsConfig config;
  private final ConnectionHost host;
  private final AtomicBoolean reviewing = new AtomicBoolean(); // whether a review is on its way
  private final AtomicBoolean growing = new AtomicBoolean(); // whether grow() is on its way
  private volatile List<CountedConnection> members = List.of(); // that are up, the first one first
  private volatile @Nullable CountedConnection current; // to which calls go
  private volatile @Nullable CountedConnection opening; // that is being made, besides the first
  private volatile @Nullable CountedConnection adopted; // that had calls before they were counted
  private volatile List<CountedConnection> retired = List.of(); // replaced, with calls on them
  private volatile int learned; // what a connection takes; 0 while nobody knows
  private volatile boolean holding; // whether calls may be waiting for room
  private volatile boolean failing; // whether the last further connection could not be made
  private volatile long openedNanos; // when the last further connection was begun

  ConnectionSet(SubchannelConnection owner, ConnectionsConfig config, ConnectionHost host) {
    this.owner = owner;
    this.config = config;
    this.host = host;
  }

  /** The first connection is up. */
  PickResult first(Subchannel subchannel) {
    CountedConnection first = counted(subchannel);
    members = List.of(first);
    adopted = null;
    current = first;
    host.onRoom(owner);
    return first.result();
  }

  /** The first connection is up, and has calls already. */
  PickResult adopt(Subchannel subchannel) {
    PickResult result = first(subchannel);
    adopted = current;
    return result;
  }

  EndpointLoad load() {
    return owner.load();
  }

  /** The tracer of a call by what is counted of the whole endpoint. Any thread. */
  ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
    return owner.newClientStreamTracer(info, headers);
  }

  /** Where calls go. */
  @Nullable PickResult target() {
    CountedConnection target = current;
    return target == null ? null : target.result();
  }

  /** How many connections are up. Any thread. */
  int size() {
    return members.size();
  }

  /** Whether another connection is being made. Any thread. */
  boolean isOpening() {
    return opening != null;
  }

  /** Whether it will soon take more calls, so that they are to wait. Any thread. */
  boolean isAboutToGrow() {
    return growing.get() || opening != null;
  }

  /** What a connection takes at a time, as far as that is known. Any thread. */
  OptionalInt streamsEach() {
    if (config.bounded()) {
      return OptionalInt.of(config.maxStreams());
    }
    int known = learned;
    return known == 0 ? OptionalInt.empty() : OptionalInt.of(known);
  }

  /** Whether a further connection will be there soon. Any thread. */
  boolean mayGrow() {
    if (members.size() >= config.maxPerEndpoint()) {
      return false;
    }
    boolean late = host.nanoTime() - openedNanos >= PAUSE.toNanos();
    return opening != null ? !late : !failing || late;
  }

  /** How many calls all connections together are given. Any thread. */
  int room() {
    return config.bounded()
        ? Math.max(1, members.size()) * config.maxStreams() + given(retired)
        : ConnectionsConfig.ANY_NUMBER;
  }

  /**
   * The first connection is lost: makes another one the first, and answers how it is reached; null
   * when there is none.
   */
  @Nullable PickResult promote() {
    List<CountedConnection> left =
        members.isEmpty() ? List.of() : members.subList(1, members.size());
    members = List.copyOf(left);
    adopted = null;
    if (left.isEmpty()) {
      close();
      return null;
    }
    current = left.get(0);
    onConnections();
    return left.get(0).result();
  }

  /** Makes a connection that takes the place of the oldest when it is up. */
  void renew() {
    members.stream()
        .min(Comparator.comparingLong(CountedConnection::dueNanos))
        .ifPresent(this::open);
  }

  /** Lets go of all connections but the first, whose owner does it. */
  void close() {
    members.stream().skip(1).forEach(member -> member.subchannel().shutdown());
    members = List.of();
    retired = List.of();
    current = null;
    adopted = null;
    CountedConnection unfinished = opening;
    opening = null;
    if (unfinished != null) {
      unfinished.subchannel().shutdown();
    }
  }

  /** How long the oldest connection has been too old; negative while none is. */
  long overdueNanos(long nowNanos) {
    if (config.maxAge().isEmpty()) {
      return -1;
    }
    return members.stream().mapToLong(each -> nowNanos - each.dueNanos()).max().orElse(-1);
  }

  /**
   * Looks for calls that have been stuck since the last look, and learns from them. Answers how
   * many there are.
   */
  int look() {
    members.forEach(CountedConnection::forgetUnclosed);
    if (load().inFlight() == 0) {
      adopted = null;
    }
    int unclosed = Math.max(0, waitingCounted() - load().waiting());
    int stuck = 0;
    for (CountedConnection member : members) {
      int inMember = Math.max(0, member.stuck() - unclosed) + waitingUncounted(member);
      if (inMember > 0) {
        stuck += inMember;
        learn(member);
      }
    }
    CountedConnection used = current;
    if (stuck > 0 && used != null) {
      grow();
      retarget(used);
    }
    if (stuck > 0 || holding) {
      review();
    }
    return stuck;
  }

  /** Whether calls may be waiting for room, so that it has to be looked at again. */
  boolean isHolding() {
    return holding;
  }

  /** A call is given to {@code member}, which has {@code given} now. Any thread. */
  void onGiven(CountedConnection member, int given) {
    int most = takes();
    if (given >= most) {
      retarget(member);
    }
    boolean needsMore = given * 2L >= most && opening == null && mayGrow();
    if (needsMore && growing.compareAndSet(false, true)) {
      host.soon(this::growInTime);
    }
    if (load().full() && isAboutToGrow()) {
      holding = true;
    }
  }

  /** Headers have left a connection that has {@code sent} such streams now. Any thread. */
  void onSent(int sent) {
    int known = learned;
    if (known != 0 && sent > known) {
      learned = sent;
    }
  }

  /** A call has ended. Any thread. */
  void onEnded() {
    if ((holding || !retired.isEmpty()) && reviewing.compareAndSet(false, true)) {
      host.soon(this::review);
    }
  }

  /** There may be room for calls that wait. */
  private void review() {
    reviewing.set(false);
    retired = retired.stream().filter(each -> each.given() > 0).toList();
    boolean held = holding;
    if (held) {
      holding = false; // before they are looked at, so that who waits from now on is not missed
    }
    host.onRoom(owner);
    if (held) {
      host.wakeCalls();
    }
  }

  /** Calls are stuck in {@code member}: it takes no more than have left it. */
  private void learn(CountedConnection member) {
    int open = member.sent() + sentUncounted(member);
    // While nothing leaves, the network or the server stands still.
    if (!config.bounded() && open > 0) {
      learned = open;
    }
  }

  /** How many calls a connection is given while others have room. */
  private int takes() {
    return streamsEach().orElse(ConnectionsConfig.ANY_NUMBER);
  }

  /** How many calls {@code member} has, with those from before it was counted. */
  private int streams(CountedConnection member) {
    int uncounted =
        member.equals(adopted)
            ? Math.max(0, load().inFlight() - given(members) - given(retired))
            : 0;
    return member.given() + uncounted;
  }

  private int waitingUncounted(CountedConnection member) {
    return member.equals(adopted) ? Math.max(0, load().waiting() - waitingCounted()) : 0;
  }

  private int waitingCounted() {
    return members.stream().mapToInt(CountedConnection::waiting).sum()
        + retired.stream().mapToInt(CountedConnection::waiting).sum();
  }

  private int sentUncounted(CountedConnection member) {
    return Math.max(0, streams(member) - member.given() - waitingUncounted(member));
  }

  private static int given(List<CountedConnection> connections) {
    int given = 0;
    for (CountedConnection each : connections) {
      given += each.given();
    }
    return given;
  }

  private CountedConnection counted(Subchannel subchannel) {
    return new CountedConnection(
        this, subchannel, host.nanoTime() + config.ageNanos(host.random()));
  }

  /** Makes a connection, in the place of {@code old} where that is not null. */
  private void open(@Nullable CountedConnection old) {
    if (opening != null || members.isEmpty()) {
      return;
    }
    Subchannel subchannel =
        host.helper()
            .createSubchannel(
                CreateSubchannelArgs.newBuilder().setAddresses(owner.group()).build());
    CountedConnection member = counted(subchannel);
    if (old != null) {
      old.putOff(host.nanoTime() + config.retryNanos());
    }
    opening = member;
    openedNanos = host.nanoTime();
    subchannel.start(new Watch(member, old));
    subchannel.requestConnection();
  }

  /** Calls that have come meanwhile wait for this. */
  private void growInTime() {
    try {
      grow();
    } finally {
      growing.set(false);
    }
    if (opening == null) {
      review();
    }
  }

  /** Another one is needed, if there may be one. */
  private void grow() {
    CountedConnection busiest = current;
    if (busiest != null && mayGrow() && streams(busiest) * 2L >= takes()) {
      open(null);
    }
  }

  private void onUp(CountedConnection member, @Nullable CountedConnection old) {
    opening = null;
    failing = false;
    List<CountedConnection> next = new ArrayList<>(members);
    int place = old == null ? -1 : next.indexOf(old);
    if (old == null || place < 0) {
      next.add(member);
      members = List.copyOf(next);
      CountedConnection used = current;
      retarget(used == null ? member : used);
    } else {
      next.set(place, member);
      replace(old, member, List.copyOf(next));
    }
    onConnections();
  }

  private void replace(
      CountedConnection old, CountedConnection member, List<CountedConnection> next) {
    if (old.equals(adopted)) {
      adopted = null; // its calls finish uncounted
    }
    List<CountedConnection> leaving = new ArrayList<>(retired);
    leaving.add(old);
    retired = List.copyOf(leaving);
    members = next;
    if (old.equals(current)) {
      current = member;
    }
    owner.retarget(old.result(), member.result());
    if (owner.isFirst(old.subchannel())) {
      owner.replaceFirst(member.subchannel(), member.result());
    }
    old.subchannel().shutdown();
  }

  private void onGone(CountedConnection member) {
    if (opening == member) {
      opening = null;
      failing = true;
    } else {
      List<CountedConnection> next = new ArrayList<>(members);
      next.remove(member);
      members = List.copyOf(next);
      retarget(member);
    }
    member.subchannel().shutdown();
    onConnections();
  }

  private void onConnections() {
    review();
    host.wakeCalls();
    host.onConnections(owner);
  }

  /** Sends calls that went to {@code used} to the connection with the fewest. Any thread. */
  private void retarget(CountedConnection used) {
    CountedConnection fewest = null;
    for (CountedConnection member : members) {
      if (fewest == null || streams(member) < streams(fewest)) {
        fewest = member;
      }
    }
    if (fewest != null) {
      current = fewest;
      // Another thread may have sent them elsewhere: that connection will come here when it is
      // full.
      owner.retarget(used.result(), fewest.result());
    }
  }

  /** Follows a connection that was not the first one when it was made. */
  private final class Watch implements SubchannelStateListener {
    private final CountedConnection member;
    private final @Nullable CountedConnection old; // whose place it is to take

    Watch(CountedConnection member, @Nullable CountedConnection old) {
      this.member = member;
      this.old = old;
    }

    @Override
    public void onSubchannelState(ConnectivityStateInfo info) {
      ConnectivityState state = info.getState();
      if (owner.isFirst(member.subchannel())) {
        owner.onState(info);
      } else if (state == ConnectivityState.READY && member.equals(opening)) {
        onUp(member, old);
      } else if (state == ConnectivityState.TRANSIENT_FAILURE || state == ConnectivityState.IDLE) {
        if (member.equals(opening) || members.contains(member)) {
          onGone(member);
        }
      }
    }
  }
}
