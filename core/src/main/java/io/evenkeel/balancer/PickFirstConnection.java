package io.evenkeel.balancer;

import io.evenkeel.Endpoint;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.Helper;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.ResolvedAddresses;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.util.ForwardingLoadBalancerHelper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way to an endpoint of several addresses: grpc-java's {@code pick_first}, which tries them and
 * keeps the one that works.
 */
final class PickFirstConnection extends EndpointConnection {
  private static final Attributes PETIOLE =
      Attributes.newBuilder().set(LoadBalancer.IS_PETIOLE_POLICY, true).build();

  private @Nullable LoadBalancer child;

  PickFirstConnection(Endpoint endpoint, EquivalentAddressGroup group, ConnectionHost host) {
    super(endpoint, group, host);
  }

  @Override
  void connect() {
    if (child != null) {
      child.requestConnection();
      return;
    }
    LoadBalancerProvider pickFirst =
        LoadBalancerRegistry.getDefaultRegistry().getProvider("pick_first");
    if (pickFirst == null) {
      onFailed(
          Status.UNAVAILABLE.withDescription(
              "grpc-java's pick_first is not registered: is grpc-core on the class path?"));
      return;
    }
    child = pickFirst.newLoadBalancer(new ChildHelper());
    updateTransport(group());
    child.requestConnection();
  }

  @Override
  void updateTransport(EquivalentAddressGroup group) {
    if (child != null) {
      Status accepted =
          child.acceptResolvedAddresses(
              ResolvedAddresses.newBuilder()
                  .setAddresses(List.of(group))
                  .setAttributes(PETIOLE)
                  .build());
      if (!accepted.isOk()) {
        onFailed(accepted);
      }
    }
  }

  @Override
  void closeTransport() {
    if (child != null) {
      child.shutdown();
      child = null;
    }
  }

  private void onChildState(ConnectivityState state, SubchannelPicker picker) {
    // A pick_first picker answers every call alike, and asking it once has no effect when it is not
    // idle.
    switch (state) {
      case CONNECTING -> onConnecting();
      case READY ->
          onConnected(picker.pickSubchannel(AnyCall.INSTANCE).copyWithStreamTracerFactory(load()));
      case TRANSIENT_FAILURE -> onFailed(picker.pickSubchannel(AnyCall.INSTANCE).getStatus());
      case IDLE -> onDisconnected();
      case SHUTDOWN -> {}
    }
  }

  private final class ChildHelper extends ForwardingLoadBalancerHelper {
    @Override
    protected Helper delegate() {
      return host.helper();
    }

    @Override
    public void updateBalancingState(ConnectivityState state, SubchannelPicker picker) {
      onChildState(state, picker);
    }

    /** The host asks once for all connections. */
    @Override
    public void refreshNameResolution() {
      host.refreshDiscovery();
    }
  }

  /** Stands for a call where the picker does not look at it. */
  private static final class AnyCall extends PickSubchannelArgs {
    static final AnyCall INSTANCE = new AnyCall();

    private final Metadata headers = new Metadata();

    @Override
    public CallOptions getCallOptions() {
      return CallOptions.DEFAULT;
    }

    @Override
    public Metadata getHeaders() {
      return headers;
    }

    @Override
    public MethodDescriptor<?, ?> getMethodDescriptor() {
      return HealthGrpc.getCheckMethod();
    }
  }
}
