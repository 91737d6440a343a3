package io.evenkeel.discovery;

import io.evenkeel.DiscoveryStatus;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.ResolverHarness.ScriptedDiscovery;
import io.evenkeel.discovery.ResolverHarness.ScriptedProvider;
import io.evenkeel.testkit.FakeClock;
import io.grpc.Status;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Supervisors under scripted time, of a scheme whose discoveries say what a test tells them to. */
final class SupervisorHarness {
  final FakeClock clock = new FakeClock();
  final Supervisors supervisors =
      new Supervisors(new DiscoveryContext(Runnable::run, clock, clock, () -> 0.5));
  final List<ScriptedDiscovery> opened = new ArrayList<>();
  final ScriptedProvider provider = new ScriptedProvider(this::open);

  /** What each discovery answers from its opening on. */
  @Nullable EndpointSet answer;

  /** What opening one throws. */
  @Nullable RuntimeException refusal;

  /** Watches {@code test:///orders} with {@code query}. */
  Told watch(String query) {
    return watch(SourceTarget.of(provider, URI.create("test:///orders" + query)));
  }

  Told watch(SourceTarget target) {
    Told told = new Told();
    told.watch = supervisors.watch(target, told::take);
    return told;
  }

  /** The discovery that was opened last. */
  ScriptedDiscovery newest() {
    return opened.get(opened.size() - 1);
  }

  void pass(Duration time) {
    clock.advance(time);
  }

  private Discovery open() {
    if (refusal != null) {
      throw refusal;
    }
    ScriptedDiscovery discovery = new ScriptedDiscovery();
    discovery.answer = answer;
    opened.add(discovery);
    return discovery;
  }

  /** One watch, and what it was told. */
  static final class Told implements DiscoveryStatus.Observer {
    final List<View> views = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    @Nullable Watch watch;
    @Nullable RuntimeException failure;

    void take(View view) {
      views.add(view);
      if (failure != null) {
        throw failure;
      }
    }

    /** Hears of events too from now on. */
    Told observed() {
      watch.status().subscribe(this);
      return this;
    }

    View last() {
      return views.get(views.size() - 1);
    }

    /** The list in use; null where there is none. */
    @Nullable List<Endpoint> list() {
      EndpointSet set = last().endpoints();
      return set == null ? null : set.endpoints();
    }

    /** Why there is no list. */
    String why() {
      Status failure = last().failure();
      return failure == null ? "" : String.valueOf(failure.getDescription());
    }

    void close() {
      watch.close();
    }

    @Override
    public void onStale(Status reason) {
      events.add("stale: " + reason.getDescription());
    }

    @Override
    public void onRecovered() {
      events.add("recovered");
    }

    @Override
    public void onDropHeld(int endpoints) {
      events.add("held " + endpoints);
    }

    @Override
    public void onSource(String target) {
      events.add("source " + target);
    }

    @Override
    public void onRebuilt(long total) {
      events.add("rebuilt " + total);
    }
  }
}
