package io.evenkeel.guard;

import io.evenkeel.BalancerListener;
import io.evenkeel.Endpoint;
import io.evenkeel.TrafficGroup;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a balancer says of endpoints and groups. Thread-safe. */
final class Events implements BalancerListener {
  final List<Status> lost = new CopyOnWriteArrayList<>();
  final List<Endpoint> revived = new CopyOnWriteArrayList<>();
  final List<List<TrafficGroup>> splits = new CopyOnWriteArrayList<>();

  @Override
  public void onLost(Endpoint endpoint, Status reason) {
    lost.add(reason);
  }

  @Override
  public void onRevived(Endpoint endpoint) {
    revived.add(endpoint);
  }

  @Override
  public void onTrafficSplit(List<TrafficGroup> groups) {
    splits.add(groups);
  }
}
