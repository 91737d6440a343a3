package io.evenkeel.balancer;

import io.evenkeel.Endpoint;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelStateListener;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The way to an endpoint of one address: one subchannel at a time. */
final class SubchannelConnection extends EndpointConnection implements SubchannelStateListener {
  private @Nullable Subchannel subchannel; // from its first turn to connect until it fails
  private boolean letGo; // whether there was another one before

  SubchannelConnection(Endpoint endpoint, EquivalentAddressGroup group, ConnectionHost host) {
    super(endpoint, group, host);
  }

  @Override
  void updateTransport(EquivalentAddressGroup group) {
    if (subchannel != null) {
      subchannel.updateAddresses(List.of(group));
    }
  }

  @Override
  void connect() {
    Subchannel used = subchannel == null ? make() : subchannel;
    used.requestConnection();
  }

  private Subchannel make() {
    Subchannel made =
        host.helper()
            .createSubchannel(CreateSubchannelArgs.newBuilder().setAddresses(group()).build());
    subchannel = made;
    // The usual one needs no listener of its own, which would cost heap.
    made.start(letGo ? new Follower(made) : this);
    return made;
  }

  @Override
  void useConnections(ConnectionsConfig config) {
    closeFurther();
    ConnectionSet set = config.counts() ? new ConnectionSet(this, config, host) : null;
    connectBy(set);
    if (subchannel != null && isConnected()) {
      onReached(set == null ? PickResult.withSubchannel(subchannel, this) : set.adopt(subchannel));
    }
  }

  @Override
  int connections() {
    ConnectionSet set = connectionSet();
    return set == null ? super.connections() : set.size();
  }

  @Override
  int room() {
    ConnectionSet set = connectionSet();
    return set == null ? super.room() : set.room();
  }

  @Override
  boolean isConnectingMore() {
    ConnectionSet set = connectionSet();
    return set != null && set.isAboutToGrow();
  }

  @Override
  boolean isRenewing() {
    ConnectionSet set = connectionSet();
    return set != null && set.isOpening();
  }

  @Override
  void countStreams(ConnectionsConfig config) {
    if (connectionSet() == null && subchannel != null && isConnected()) {
      ConnectionSet set = new ConnectionSet(this, config, host);
      connectBy(set);
      onReached(set.adopt(subchannel));
    }
  }

  @Override
  OptionalInt streamsEach() {
    ConnectionSet set = connectionSet();
    return set == null ? super.streamsEach() : set.streamsEach();
  }

  @Override
  long overdueNanos(long nowNanos) {
    ConnectionSet set = connectionSet();
    return set == null ? super.overdueNanos(nowNanos) : set.overdueNanos(nowNanos);
  }

  @Override
  void renew() {
    ConnectionSet set = connectionSet();
    if (set != null) {
      set.renew();
    }
  }

  @Override
  @Nullable PickResult target(@Nullable PickResult first) {
    ConnectionSet set = connectionSet();
    return set == null || first == null ? first : set.target();
  }

  boolean isFirst(Subchannel other) {
    return other.equals(subchannel);
  }

  /** Another connection has taken the place of the first. */
  void replaceFirst(Subchannel next, PickResult result) {
    letGo = true;
    subchannel = next;
    onReplaced(result);
  }

  @Override
  void closeTransport() {
    closeFurther();
    if (subchannel != null) {
      letGo = true;
      subchannel.shutdown();
      subchannel = null;
    }
  }

  /** The one that was made first of all is in another state. */
  @Override
  public void onSubchannelState(ConnectivityStateInfo info) {
    if (!letGo) {
      onState(info);
    }
  }

  /** The first connection is in another state. */
  void onState(ConnectivityStateInfo info) {
    ConnectivityState state = info.getState();
    switch (state) {
      case CONNECTING -> onConnecting();
      case READY -> onReady();
      case TRANSIENT_FAILURE -> {
        if (!promote()) {
          onFailed(info.getStatus());
        }
      }
      case IDLE -> {
        if (!promote()) {
          onDisconnected();
        }
      }
      case SHUTDOWN -> {}
    }
  }

  private void onReady() {
    if (subchannel != null) {
      onConnected(result(subchannel));
    }
  }

  private PickResult result(Subchannel up) {
    ConnectionSet set = connectionSet();
    return set == null ? PickResult.withSubchannel(up, this) : set.first(up);
  }

  /** The first connection is lost: whether another one takes its place. */
  private boolean promote() {
    ConnectionSet set = connectionSet();
    PickResult next = set == null ? null : set.promote();
    if (next == null) {
      return false;
    }
    Subchannel lost = subchannel;
    letGo = true;
    subchannel = next.getSubchannel();
    onReplaced(next);
    if (lost != null) {
      lost.shutdown();
    }
    return true;
  }

  private void closeFurther() {
    ConnectionSet set = connectionSet();
    if (set != null) {
      set.close();
    }
  }

  /** Hears of a subchannel while it is in use: it lives on for seconds when it was let go of. */
  private final class Follower implements SubchannelStateListener {
    private final Subchannel followed;

    Follower(Subchannel followed) {
      this.followed = followed;
    }

    @Override
    public void onSubchannelState(ConnectivityStateInfo info) {
      if (isFirst(followed)) {
        onState(info);
      }
    }
  }
}
