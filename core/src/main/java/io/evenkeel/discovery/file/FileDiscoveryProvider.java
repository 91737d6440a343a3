package io.evenkeel.discovery.file;

import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryContext;
import io.evenkeel.discovery.DiscoveryProvider;
import io.evenkeel.discovery.Supervision;
import io.evenkeel.discovery.TargetQuery;
import java.net.URI;
import java.nio.file.Path;

/**
 * The scheme {@code file}: {@code file:///etc/orders.json} is a list file, {@code
 * file:///var/run/services/orders} a directory in which each instance keeps a file of its own.
 *
 * <p>A list file is JSON, either an array of endpoints or an object:
 *
 * <pre>{@code
 * {
 *   "endpoints": [
 *     "127.0.0.1:8081",
 *     {"address": "127.0.0.1:8080", "id": "a", "weight": 9, "zone": "z1", "priority": 0,
 *      "metadata": {"version": "1"}}
 *   ],
 *   "serviceConfig": {"loadBalancingConfig": [{"evenkeel": {}}]}
 * }
 * }</pre>
 *
 * <p>An endpoint with several addresses lists them as {@code addresses}. Servers of a list prove
 * their own host names under TLS; instances of a directory prove its last name, the service.
 *
 * <p>Changes are seen at once where the system can watch files, and within a second elsewhere.
 */
public final class FileDiscoveryProvider extends DiscoveryProvider {

  /** For {@link java.util.ServiceLoader}. */
  public FileDiscoveryProvider() {
    super("file");
  }

  @Override
  protected Discovery open(URI target, DiscoveryContext context) {
    Path path = FileTarget.path(target);
    TargetQuery.of(target).rejectUnknown();
    return new FileDiscovery(path, context, WatchHub.SHARED);
  }

  @Override
  protected Supervision supervision() {
    return Supervision.SELF_POLLING;
  }
}
