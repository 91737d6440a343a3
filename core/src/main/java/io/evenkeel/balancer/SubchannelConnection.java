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

/** The way to an endpoint of one address: one subchannel. */
final class SubchannelConnection extends EndpointConnection implements SubchannelStateListener {
  private final Subchannel subchannel;

  SubchannelConnection(Endpoint endpoint, EquivalentAddressGroup group, ConnectionHost host) {
    super(endpoint, group, host);
    subchannel =
        host.helper()
            .createSubchannel(CreateSubchannelArgs.newBuilder().setAddresses(group).build());
  }

  @Override
  void start() {
    subchannel.start(this);
  }

  @Override
  void updateTransport(EquivalentAddressGroup group) {
    subchannel.updateAddresses(List.of(group));
  }

  @Override
  void connect() {
    subchannel.requestConnection();
  }

  @Override
  void closeTransport() {
    subchannel.shutdown();
  }

  @Override
  public void onSubchannelState(ConnectivityStateInfo info) {
    ConnectivityState state = info.getState();
    switch (state) {
      case CONNECTING -> onConnecting();
      case READY -> onConnected(PickResult.withSubchannel(subchannel, load()));
      case TRANSIENT_FAILURE -> onFailed(info.getStatus());
      case IDLE -> onDisconnected();
      case SHUTDOWN -> {}
    }
  }
}
