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
import org.jspecify.annotations.Nullable;

/** The way to an endpoint of one address: one subchannel at a time. */
final class SubchannelConnection extends EndpointConnection implements SubchannelStateListener {
  private @Nullable Subchannel subchannel; // from its first turn to connect until it fails

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
    if (subchannel == null) {
      subchannel =
          host.helper()
              .createSubchannel(CreateSubchannelArgs.newBuilder().setAddresses(group()).build());
      subchannel.start(this);
    }
    subchannel.requestConnection();
  }

  @Override
  void useConnections(ConnectionsConfig config) {
    closeFurther();
    connectBy(config.counts() ? new ConnectionSet(this, config, host) : null);
    if (subchannel != null && isConnected()) {
      onReplaced(result(subchannel));
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
    return set != null && set.isOpening();
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
    subchannel = next;
    onReplaced(result);
  }

  /** It takes more calls, or fewer, than before. */
  void onRoom() {
    host.onRoom(this);
  }

  @Override
  void closeTransport() {
    closeFurther();
    if (subchannel != null) {
      subchannel.shutdown();
      subchannel = null;
    }
  }

  @Override
  public void onSubchannelState(ConnectivityStateInfo info) {
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
    return set == null ? PickResult.withSubchannel(up, load()) : set.first(up);
  }

  /** The first connection is lost: whether another one takes its place. */
  private boolean promote() {
    ConnectionSet set = connectionSet();
    PickResult next = set == null ? null : set.promote();
    if (next == null) {
      return false;
    }
    Subchannel lost = subchannel;
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
}
