package io.evenkeel.balancer;

import io.evenkeel.Endpoint;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.Helper;
import io.grpc.LoadBalancer.PickResult;
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

  private ConnectionsConfig config = ConnectionsConfig.DEFAULT;
  private @Nullable Child child;
  private @Nullable Child successor; // while it is being connected
  private long dueNanos; // when the child is to be replaced

  PickFirstConnection(Endpoint endpoint, EquivalentAddressGroup group, ConnectionHost host) {
    super(endpoint, group, host);
  }

  @Override
  void connect() {
    if (child == null) {
      child = newChild();
      if (child == null) {
        onFailed(
            Status.UNAVAILABLE.withDescription(
                "grpc-java's pick_first is not registered: is grpc-core on the class path?"));
        return;
      }
      updateTransport(group());
    }
    // A child that does not take its addresses is gone by now.
    if (child != null) {
      child.balancer().requestConnection();
    }
  }

  @Override
  void updateTransport(EquivalentAddressGroup group) {
    if (child != null) {
      Status accepted = child.accept(group);
      if (!accepted.isOk()) {
        onFailed(accepted);
      }
    }
  }

  @Override
  void useConnections(ConnectionsConfig config) {
    this.config = config;
    dueNanos = host.nanoTime() + config.ageNanos(host.random());
  }

  @Override
  long overdueNanos(long nowNanos) {
    return config.maxAge().isEmpty() || !isConnected() ? -1 : nowNanos - dueNanos;
  }

  @Override
  void renew() {
    if (successor != null) {
      return;
    }
    dueNanos = host.nanoTime() + config.retryNanos();
    Child next = newChild();
    if (next != null) {
      successor = next;
      if (next.accept(group()).isOk()) {
        next.balancer().requestConnection();
      } else {
        dropSuccessor();
      }
    }
  }

  @Override
  boolean isRenewing() {
    return successor != null;
  }

  @Override
  boolean mayHaveSeveral() {
    return false;
  }

  @Override
  void closeTransport() {
    dropSuccessor();
    if (child != null) {
      Child left = child;
      child = null;
      left.balancer().shutdown();
    }
  }

  private void dropSuccessor() {
    if (successor != null) {
      Child left = successor;
      successor = null;
      left.balancer().shutdown();
    }
  }

  private @Nullable Child newChild() {
    LoadBalancerProvider pickFirst =
        LoadBalancerRegistry.getDefaultRegistry().getProvider("pick_first");
    return pickFirst == null ? null : new Child(pickFirst);
  }

  private void onChildState(ConnectivityState state, SubchannelPicker picker) {
    switch (state) {
      case CONNECTING -> onConnecting();
      case READY -> onUp(picker);
      case TRANSIENT_FAILURE -> onFailed(picker.pickSubchannel(AnyCall.INSTANCE).getStatus());
      case IDLE -> onDisconnected();
      case SHUTDOWN -> {}
    }
  }

  private void onUp(SubchannelPicker picker) {
    dueNanos = host.nanoTime() + config.ageNanos(host.random());
    onConnected(result(picker));
  }

  private void onSuccessorState(Child next, ConnectivityState state, SubchannelPicker picker) {
    switch (state) {
      case READY -> succeed(next, picker);
      case TRANSIENT_FAILURE -> dropSuccessor();
      case IDLE -> next.balancer().requestConnection();
      case CONNECTING, SHUTDOWN -> {}
    }
  }

  private void succeed(Child next, SubchannelPicker picker) {
    Child old = child;
    child = next;
    successor = null;
    if (isConnected()) {
      dueNanos = host.nanoTime() + config.ageNanos(host.random());
      onReplaced(result(picker));
    } else {
      onUp(picker);
    }
    if (old != null) {
      old.balancer().shutdown();
    }
    host.onConnections(this);
  }

  /**
   * Where a child that is ready sends calls. It answers every call alike, and asking it once has no
   * effect when it is not idle.
   */
  private PickResult result(SubchannelPicker picker) {
    return picker.pickSubchannel(AnyCall.INSTANCE).copyWithStreamTracerFactory(this);
  }

  /**
   * One {@code pick_first} with its addresses. What it says after it was let go of is not heard.
   */
  private final class Child extends ForwardingLoadBalancerHelper {
    private final LoadBalancer balancer;

    Child(LoadBalancerProvider pickFirst) {
      balancer = pickFirst.newLoadBalancer(this);
    }

    LoadBalancer balancer() {
      return balancer;
    }

    Status accept(EquivalentAddressGroup group) {
      return balancer.acceptResolvedAddresses(
          ResolvedAddresses.newBuilder()
              .setAddresses(List.of(group))
              .setAttributes(PETIOLE)
              .build());
    }

    @Override
    protected Helper delegate() {
      return host.helper();
    }

    @Override
    public void updateBalancingState(ConnectivityState state, SubchannelPicker picker) {
      if (this == child) {
        onChildState(state, picker);
      } else if (this == successor) {
        onSuccessorState(this, state, picker);
      }
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
