package io.evenkeel.discovery.etcd;

import com.google.protobuf.ByteString;

/** Ranges of etcd's keys. */
final class EtcdKeys {
  /** As the end of a range: up to the last key. */
  private static final ByteString ALL = ByteString.copyFrom(new byte[] {0});

  private EtcdKeys() {}

  /** The first key of all that begin with {@code prefix}. */
  static ByteString first(String prefix) {
    return prefix.isEmpty() ? ALL : ByteString.copyFromUtf8(prefix);
  }

  /** The key after all that begin with {@code prefix}. */
  static ByteString end(String prefix) {
    byte[] end = ByteString.copyFromUtf8(prefix).toByteArray();
    if (end.length == 0) {
      return ALL;
    }
    // A prefix is UTF-8 and ends with a slash, so that the last byte can grow.
    end[end.length - 1]++;
    return ByteString.copyFrom(end);
  }
}
