package io.evenkeel.discovery.etcd;

import io.evenkeel.Endpoint;

/**
 * How an instance is written as a key and a value of etcd.
 *
 * <p>Write one where services register in a layout of their own, name the class in {@code
 * META-INF/services/io.evenkeel.discovery.etcd.EtcdCodec}, and choose it by {@code ?codec=} and its
 * name, in targets and registry URIs alike. Needs a public constructor without arguments.
 * Thread-safe.
 */
public interface EtcdCodec {

  /** What {@code ?codec=} calls it, such as {@code go}. */
  String name();

  /**
   * What follows {@code <service>/} in the key of the instance {@code id}; different for different
   * ids.
   */
  String key(String id);

  /** The value of {@code endpoint}. */
  byte[] value(Endpoint endpoint);

  /**
   * Reads what {@link #key} and {@link #value} wrote, or another program of the same layout.
   *
   * @param key what follows {@code <service>/}
   * @throws IllegalArgumentException if that is no instance; says what is wrong with it, in one
   *     sentence. The instance is then left out and reported
   */
  Endpoint read(String key, byte[] value);
}
