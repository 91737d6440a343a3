/**
 * ZooKeeper: finds services that are registered there, and registers them, in the layout of
 * Curator's service discovery.
 *
 * <p>Start reading at {@link io.evenkeel.discovery.zookeeper.ZooKeeperDiscoveryProvider}; {@code
 * ZooKeeperTarget} explains the URIs, {@code CuratorCodec} what is stored, {@code ZooKeeperClient}
 * how one session serves all watches.
 */
@NullMarked
package io.evenkeel.discovery.zookeeper;

import org.jspecify.annotations.NullMarked;
