package io.evenkeel.discovery;

import io.evenkeel.Targets;
import io.evenkeel.config.ConfigException;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A target and who can open it: what makes two watches the same. Providers are compared by
 * identity, since one may hold what another does not, and so are credentials: whoever sets others
 * wants them used.
 *
 * @param provider opens it
 * @param target without what is the supervisor's
 * @param text the whole target, as messages show it
 * @param config the supervisor's part
 * @param credentials those that code has set for the scheme when the target was named, or null
 */
record SourceTarget(
    DiscoveryProvider provider,
    URI target,
    String text,
    SupervisorConfig config,
    @Nullable RegistryCredentials credentials) {

  /**
   * Splits {@code target} into the supervisor's part and the back end's.
   *
   * @throws IllegalArgumentException if the supervisor's part is malformed, or a user stands in it
   */
  static SourceTarget of(DiscoveryProvider provider, URI target) {
    if (target.getRawAuthority() != null && target.getRawAuthority().indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "target \"%s://…\": a user has no place in it, because targets are logged"
                  .formatted(target.getScheme())
              + " (see RegistryCredentials for where credentials come from)");
    }
    return new SourceTarget(
        provider,
        SupervisorConfig.without(target),
        target.toString(),
        config(target),
        RegistryCredentials.fromCode(provider.getDefaultScheme()));
  }

  private static SupervisorConfig config(URI target) {
    try {
      return SupervisorConfig.parse(target);
    } catch (ConfigException setting) {
      throw refused(target.toString(), setting);
    }
  }

  private static IllegalArgumentException refused(String target, ConfigException setting) {
    return new IllegalArgumentException(
        "target \"" + target + "\": " + setting.getMessage(), setting);
  }

  /**
   * The target that somebody has written as text; its scheme must be one of Evenkeel's.
   *
   * @throws IllegalArgumentException if it is malformed, or no such discovery is on the class path
   */
  static SourceTarget parse(String text) {
    URI target;
    try {
      target = new URI(Targets.escape(text));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "target \"" + Targets.redact(text) + "\": " + e.getReason(), e);
    }
    String scheme = String.valueOf(target.getScheme());
    NameResolverProvider found =
        NameResolverRegistry.getDefaultRegistry().getProviderForScheme(scheme);
    if (!(found instanceof DiscoveryProvider provider)) {
      throw new IllegalArgumentException(
          "target \"%s\": no discovery of Evenkeel's has the scheme \"%s\""
                  .formatted(Targets.redact(text), scheme)
              + " (its module must be on the class path)");
    }
    SourceTarget parsed = of(provider, target);
    parsed.check();
    return parsed;
  }

  /**
   * Refuses what the back end would refuse.
   *
   * @throws IllegalArgumentException as {@link DiscoveryProvider#open} does
   */
  void check() {
    try {
      Discovery unused = provider.open(target, DiscoveryThreads.CONTEXT);
    } catch (TargetQuery.UnknownSettingException unknown) {
      throw refused(text, unknown.beside(SupervisorConfig.NAMES));
    } catch (ConfigException setting) {
      throw refused(text, setting);
    }
  }

  Discovery open(DiscoveryContext context) {
    return provider.open(target, context);
  }
}
