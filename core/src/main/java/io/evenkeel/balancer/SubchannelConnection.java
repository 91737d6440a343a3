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
  void closeTransport() {
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
      case TRANSIENT_FAILURE -> onFailed(info.getStatus());
      case IDLE -> onDisconnected();
      case SHUTDOWN -> {}
    }
  }

  private void onReady() {
    if (subchannel != null) {
      onConnected(PickResult.withSubchannel(subchannel, load()));
    }
  }
}
