package io.evenkeel.discovery.etcd;

import com.google.common.collect.Maps;
import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.EndpointSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one service as etcd has them at a revision, in the order of their keys. A value
 * that comes again is not read again. Values are what is compared, and not revisions: an etcd that
 * has lost its data begins to count anew. Not thread-safe.
 */
final class EtcdInstances {
  private final EtcdTarget service;
  private final String prefix;
  private final EtcdCodec codec;
  private TreeMap<String, Instance> instances = new TreeMap<>();
  private long listedRevision;

  /** One key; with a problem in place of an endpoint where its value is malformed. */
  private record Instance(ByteString value, @Nullable Endpoint endpoint, String problem) {}

  EtcdInstances(EtcdTarget service, EtcdCodec codec) {
    this.service = service;
    this.prefix = service.prefix();
    this.codec = codec;
  }

  /**
   * Takes {@code keys}, which are all there are at {@code revision}, in place of what was known.
   *
   * @return whether that was not the same
   */
  boolean list(List<KeyValue> keys, long revision) {
    TreeMap<String, Instance> listed = new TreeMap<>();
    for (KeyValue each : keys) {
      listed.put(key(each), instance(each));
    }
    boolean changed = !values(listed).equals(values(instances));
    instances = listed;
    listedRevision = revision;
    return changed;
  }

  /** Takes what a watch says; changes that the last list has seen are passed by. */
  void change(List<Event> events) {
    for (Event event : events) {
      KeyValue changed = event.getKv();
      if (changed.getModRevision() <= listedRevision) {
        continue;
      }
      if (event.getType() == Event.EventType.DELETE) {
        instances.remove(key(changed));
      } else {
        instances.put(key(changed), instance(changed));
      }
    }
  }

  EndpointSet endpoints() {
    List<Endpoint> endpoints = new ArrayList<>(instances.size());
    List<String> problems = new ArrayList<>();
    for (Instance each : instances.values()) {
      if (each.endpoint == null) {
        problems.add(each.problem);
      } else {
        endpoints.add(each.endpoint);
      }
    }
    if (instances.isEmpty()) {
      problems.add(service.describe() + " has no key that begins with \"" + prefix + "\"");
    }
    return EndpointSet.of(endpoints, problems);
  }

  private Instance instance(KeyValue entry) {
    String key = key(entry);
    Instance known = instances.get(key);
    if (known != null && known.value.equals(entry.getValue())) {
      return known;
    }
    try {
      Endpoint endpoint = codec.read(key, entry.getValue().toByteArray());
      return new Instance(entry.getValue(), endpoint, "");
    } catch (RuntimeException e) {
      String problem = "instance \"" + key + "\": " + e.getMessage();
      return new Instance(entry.getValue(), null, problem);
    }
  }

  private String key(KeyValue entry) {
    return entry.getKey().toStringUtf8().substring(prefix.length());
  }

  private static Map<String, ByteString> values(Map<String, Instance> instances) {
    return Maps.transformValues(instances, Instance::value);
  }
}
