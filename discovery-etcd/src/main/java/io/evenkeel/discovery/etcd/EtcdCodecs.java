package io.evenkeel.discovery.etcd;

import java.util.ServiceLoader;
import java.util.TreeMap;

/** Finds the codec that a URI names. */
final class EtcdCodecs {

  private EtcdCodecs() {}

  /**
   * The codec {@code name}.
   *
   * @throws IllegalArgumentException if no codec on the class path has this name; the message names
   *     those that exist
   */
  static EtcdCodec named(String name) {
    if (name.equals(GoEndpointsCodec.INSTANCE.name())) {
      return GoEndpointsCodec.INSTANCE;
    }
    TreeMap<String, EtcdCodec> known = new TreeMap<>();
    ServiceLoader.load(EtcdCodec.class).forEach(codec -> known.put(codec.name(), codec));
    EtcdCodec codec = known.get(name);
    if (codec == null) {
      throw new IllegalArgumentException(
          "codec: \"" + name + "\" (expected one of: " + String.join(", ", known.keySet()) + ")");
    }
    return codec;
  }
}
