package io.evenkeel.discovery;

import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Discovery} reachable by a target URI. To add a scheme, extend this, implement
 * {@link #open}, and name the class in {@code META-INF/services/io.grpc.NameResolverProvider}:
 *
 * <pre>{@code
 * public final class InventoryProvider extends DiscoveryProvider {
 *   public InventoryProvider() {
 *     super("inventory");
 *   }
 *
 *   @Override
 *   protected Discovery open(URI target, DiscoveryContext context) {
 *     TargetQuery query = TargetQuery.of(target);
 *     Duration interval = query.durationValue("interval", MINUTE, SECOND, HOUR);
 *     query.rejectUnknown();
 *     return new InventoryDiscovery(target.getHost(), interval, context);
 *   }
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public abstract class DiscoveryProvider extends NameResolverProvider {
  private static final int PRIORITY = 5;

  private final String scheme;

  /**
   * @param scheme what targets begin with, such as {@code inventory} for {@code
   *     inventory:///orders}
   */
  protected DiscoveryProvider(String scheme) {
    this.scheme = scheme;
  }

  /**
   * Makes the discovery for {@code target}; begins nothing yet, since it may be made only to see
   * whether the target is right. All channels of the process that have the same target share one
   * discovery; after failures that it does not recover from another one is made.
   *
   * @param target without the parameters that every scheme has, such as {@code maxAge}; {@link
   *     TargetQuery} reads the others
   * @throws IllegalArgumentException if the target is malformed; quotes the part that is, and gives
   *     an example. The channel is then not built
   */
  protected abstract Discovery open(URI target, DiscoveryContext context);

  /**
   * The name that servers of {@code target} prove under TLS and calls carry: by default the last
   * segment of the path, which in a registry is the name of the service.
   */
  protected String authority(URI target) {
    String path = target.getPath() == null ? "" : target.getPath().replaceAll("/+$", "");
    String name = path.substring(path.lastIndexOf('/') + 1);
    return URLEncoder.encode(name.isEmpty() ? scheme : name, StandardCharsets.UTF_8);
  }

  /** How closely its watches are looked after; {@link Supervision#DEFAULT} unless overridden. */
  protected Supervision supervision() {
    return Supervision.DEFAULT;
  }

  @Override
  public final @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
    if (!scheme.equals(target.getScheme())) {
      return null;
    }
    return newNameResolver(target, args, Supervisors.SHARED);
  }

  final NameResolver newNameResolver(URI target, NameResolver.Args args, Supervisors supervisors) {
    SourceTarget source = SourceTarget.of(this, target);
    source.check();
    return new DiscoveryNameResolver(
        new DiscoveryNameResolver.Setting(target.toString(), authority(source.target()), args),
        listener -> supervisors.watch(source, listener));
  }

  @Override
  public final String getDefaultScheme() {
    return scheme;
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return PRIORITY;
  }
}
