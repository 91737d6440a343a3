package io.evenkeel.discovery.zookeeper;

import com.google.protobuf.ByteString;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.EndpointSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one service as ZooKeeper has them, in the order of their nodes' names. Data that
 * come again are not read again. Not thread-safe.
 */
final class ZooKeeperInstances {
  private final CuratorCodec codec;
  private final TreeMap<String, Instance> instances = new TreeMap<>();

  /** One node: an endpoint, a problem in its place, or neither where its owner has disabled it. */
  private record Instance(@Nullable ByteString data, @Nullable Endpoint endpoint, String problem) {}

  ZooKeeperInstances(CuratorCodec codec) {
    this.codec = codec;
  }

  /** Forgets all nodes but {@code names}. */
  void retain(Collection<String> names) {
    instances.keySet().retainAll(names);
  }

  void remove(String name) {
    instances.remove(name);
  }

  /** Takes what the node {@code name} holds now. */
  void put(String name, ByteString data) {
    Instance known = instances.get(name);
    if (known == null || !data.equals(known.data)) {
      instances.put(name, read(name, data));
    }
  }

  private Instance read(String name, ByteString data) {
    try {
      return new Instance(data, codec.read(name, data.toByteArray()), "");
    } catch (RuntimeException e) {
      return new Instance(data, null, "instance \"" + name + "\": " + e.getMessage());
    }
  }

  /** Leaves the node {@code name} out, which cannot be read. */
  void putUnreadable(String name, String why) {
    instances.put(name, new Instance(null, null, "instance \"" + name + "\": " + why));
  }

  EndpointSet endpoints() {
    List<Endpoint> endpoints = new ArrayList<>(instances.size());
    List<String> problems = new ArrayList<>();
    for (Instance each : instances.values()) {
      if (each.endpoint != null) {
        endpoints.add(each.endpoint);
      } else if (!each.problem.isEmpty()) {
        problems.add(each.problem);
      }
    }
    return EndpointSet.of(endpoints, problems);
  }
}
