package io.evenkeel.discovery.etcd;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.HostPort;
import java.nio.charset.StandardCharsets;

/** A layout that a user may have had before: the value is the address, and nothing more. */
public final class PlainCodec implements EtcdCodec {

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public String key(String id) {
    return "node/" + id;
  }

  @Override
  public byte[] value(Endpoint endpoint) {
    return endpoint.displayAddress().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Endpoint read(String key, byte[] value) {
    return Endpoint.of(HostPort.parse(new String(value, StandardCharsets.UTF_8)))
        .withId(key.substring(key.indexOf('/') + 1));
  }
}
