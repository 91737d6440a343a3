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
 *     return new InventoryDiscovery(target.getHost(), context);
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
   * Makes the discovery for {@code target}; begins nothing yet.
   *
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

  @Override
  public final @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
    if (!scheme.equals(target.getScheme())) {
      return null;
    }
    DiscoveryContext context = DiscoveryContext.of(args);
    Discovery discovery = new ResolvingDiscovery(open(target, context), context, NameLookup.SYSTEM);
    return new DiscoveryNameResolver(
        new DiscoveryNameResolver.Setting(target.toString(), authority(target), args, context),
        discovery);
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
