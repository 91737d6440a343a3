package io.evenkeel.discovery;

import io.grpc.Context;
import io.grpc.Status;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A discovery that can be given up for a new one of the same target. What the old one still says is
 * not passed on.
 *
 * <p>Methods are called one at a time.
 */
final class ReplaceableDiscovery implements Discovery {
  private static final Logger log = System.getLogger(ReplaceableDiscovery.class.getName());

  private final SourceTarget target;
  private final DiscoveryContext context;
  private volatile @Nullable Discovery current;
  private @Nullable DiscoveryListener listener;

  ReplaceableDiscovery(SourceTarget target, DiscoveryContext context) {
    this.target = target;
    this.context = context;
  }

  @Override
  public void start(DiscoveryListener listener) {
    this.listener = listener;
    open();
  }

  /** Opens one where there is none, as after a failure to open. */
  @Override
  public void refresh() {
    Discovery opened = current;
    if (opened == null) {
      open();
    } else {
      outside(opened::refresh);
    }
  }

  /** Gives the current one up and starts another. */
  void replace() {
    close();
    open();
  }

  @Override
  public void close() {
    Discovery old = current;
    current = null;
    if (old == null) {
      return;
    }
    try {
      outside(old::close);
    } catch (RuntimeException e) {
      log.log(Level.WARNING, "target \"" + target.text() + "\": a discovery did not close", e);
    }
  }

  private void open() {
    DiscoveryListener told = listener;
    if (told != null) {
      Discovery opened = target.open(context);
      current = opened;
      outside(() -> opened.start(new Filter(opened, told)));
    }
  }

  /** Whatever call's thread this is: its deadline and cancellation are not the registry's. */
  private static void outside(Runnable task) {
    Context.ROOT.run(task);
  }

  /** Lets through what the current discovery says. */
  private final class Filter implements DiscoveryListener {
    private final Discovery from;
    private final DiscoveryListener to;

    Filter(Discovery from, DiscoveryListener to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public void onEndpoints(EndpointSet endpoints) {
      if (from == current) {
        to.onEndpoints(endpoints);
      }
    }

    @Override
    public void onError(Status status) {
      onError(status, Duration.ZERO);
    }

    @Override
    public void onError(Status status, Duration rest) {
      if (from == current) {
        to.onError(status, rest);
      }
    }
  }
}
