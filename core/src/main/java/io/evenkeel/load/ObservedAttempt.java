package io.evenkeel.load;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** An attempt that an {@link AttemptObserver} hears of. Thread-safe. */
final class ObservedAttempt extends TimedAttempt {
  private final AttemptObserver observer;
  private long latencyNanos = AttemptObserver.NOT_MEASURED;
  private int inFlightAtStart;
  private boolean fromServer;

  ObservedAttempt(
      EndpointLoad load,
      @Nullable CallAttempts call,
      AttemptObserver observer,
      @Nullable Latency latency) {
    super(load, call, latency == null ? clockOf(observer) : latency.clock(), latency);
    this.observer = observer;
  }

  @Override
  public void streamCreated(Attributes transportAttributes, Metadata headers) {
    super.streamCreated(transportAttributes, headers);
    inFlightAtStart = load.inFlight();
    try {
      observer.onStart(next != null);
    } catch (Throwable thrown) {
      EndpointLoad.countObserverFault();
    }
  }

  @Override
  public void inboundHeaders() {
    fromServer = true;
  }

  @Override
  public void inboundTrailers(Metadata trailers) {
    fromServer = true;
    super.inboundTrailers(trailers);
  }

  @Override
  void measured(long elapsedNanos) {
    latencyNanos = elapsedNanos;
  }

  @Override
  void closed(Outcome outcome, Status status) {
    super.closed(outcome, status);
    try {
      observer.onEnd(status, fromServer, latencyNanos, inFlightAtStart);
    } catch (Throwable thrown) {
      EndpointLoad.countObserverFault();
    }
  }

  private static @Nullable CallClock clockOf(AttemptObserver observer) {
    try {
      return observer.clock();
    } catch (Throwable thrown) {
      EndpointLoad.countObserverFault();
      return null;
    }
  }
}
