package io.evenkeel.testkit;

import io.grpc.Attributes;
import io.grpc.Channel;
import io.grpc.ChannelLogger;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelStateListener;
import io.grpc.Status;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A connection that is in the state the test says. Not thread-safe. */
public final class FakeSubchannel extends Subchannel {
  private final FakeHelper helper;
  private final Attributes attributes;
  private List<EquivalentAddressGroup> addresses;
  private @Nullable SubchannelStateListener listener;
  private @Nullable Channel channel;
  private int connectionRequests;
  private boolean shutdown;

  FakeSubchannel(CreateSubchannelArgs args, FakeHelper helper) {
    this.helper = helper;
    this.attributes = args.getAttributes();
    this.addresses = args.getAddresses();
  }

  /** The connection is up. */
  public void ready() {
    move(ConnectivityStateInfo.forNonError(ConnectivityState.READY));
  }

  /** The connection is being made. */
  public void connecting() {
    move(ConnectivityStateInfo.forNonError(ConnectivityState.CONNECTING));
  }

  /** The connection was up and is gone. */
  public void idle() {
    move(ConnectivityStateInfo.forNonError(ConnectivityState.IDLE));
  }

  /**
   * The connection is lost that the balancer has let go of: a channel keeps it for some seconds,
   * and goes on telling of it.
   */
  public void idleAfterShutdown() {
    tell(ConnectivityStateInfo.forNonError(ConnectivityState.IDLE));
  }

  /** The connection cannot be made. */
  public void fail(Status status) {
    move(ConnectivityStateInfo.forTransientFailure(status));
  }

  /** What {@link #asChannel} answers. */
  public void setChannel(Channel channel) {
    this.channel = channel;
  }

  /** How often a connection was asked for. */
  public int connectionRequests() {
    return connectionRequests;
  }

  /** Whether the balancer has let go of it. */
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public void start(SubchannelStateListener listener) {
    this.listener = listener;
  }

  @Override
  public void shutdown() {
    shutdown = true;
  }

  @Override
  public void requestConnection() {
    connectionRequests++;
  }

  @Override
  public List<EquivalentAddressGroup> getAllAddresses() {
    return addresses;
  }

  @Override
  public void updateAddresses(List<EquivalentAddressGroup> addresses) {
    this.addresses = addresses;
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  @Override
  public Channel asChannel() {
    return Objects.requireNonNull(channel, "the test has set no channel");
  }

  @Override
  public ChannelLogger getChannelLogger() {
    return helper.getChannelLogger();
  }

  /** The subchannel itself: some of grpc-java's own policies tell subchannels apart by it. */
  @Override
  public Object getInternalSubchannel() {
    return this;
  }

  private void move(ConnectivityStateInfo info) {
    if (!shutdown) {
      tell(info);
    }
  }

  private void tell(ConnectivityStateInfo info) {
    SubchannelStateListener started =
        Objects.requireNonNull(listener, "the subchannel was not started");
    helper.run(() -> started.onSubchannelState(info));
  }
}
