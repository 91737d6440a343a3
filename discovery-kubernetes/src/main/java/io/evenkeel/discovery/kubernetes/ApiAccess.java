package io.evenkeel.discovery.kubernetes;

import com.google.common.base.Strings;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.evenkeel.discovery.RegistryCredentials;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.fabric8.kubernetes.client.utils.Utils;
import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which API server this process uses and how it proves itself, as files and the environment said at
 * one moment: the files of {@code KUBECONFIG}, else {@code ~/.kube/config}, else what Kubernetes
 * gives every pod. fabric8 reads them, with all that a kubeconfig can say.
 *
 * <p>The token of a pod's service account is read for each request, since Kubernetes replaces it
 * every hour; so is that of {@link RegistryCredentials}, which comes before all others.
 */
final class ApiAccess {
  private static final String SERVICE_ACCOUNT_HOST = "kubernetes.service.host";
  private static final String DEFAULT_NAMESPACE = "default";

  private final Config config;
  private final Map<Path, String> files;

  private ApiAccess(Config config, Map<Path, String> files) {
    this.config = config;
    this.files = files;
  }

  /**
   * What two clients must have in common to be one, as a digest. May read files.
   *
   * @throws IOException naming the file that cannot be read
   */
  static String key(RegistryCredentials credentials) throws IOException {
    Hasher hasher = Hashing.sha256().newHasher();
    List<@Nullable String> parts = new ArrayList<>(Config.getKubeconfigFilenames());
    parts.add(credentials.username());
    parts.add(credentials.password());
    parts.add(credentials.token());
    if (credentials.namesTlsFiles()) {
      TlsChannelCredentials tls = tls(credentials);
      parts.add(base64(tls.getRootCertificates()));
      parts.add(base64(tls.getCertificateChain()));
      parts.add(base64(tls.getPrivateKey()));
    }
    for (String part : parts) {
      hasher.putString(part == null ? "-" : "+" + part, StandardCharsets.UTF_8).putByte((byte) 0);
    }
    return hasher.hash().toString();
  }

  /**
   * Reads files and the environment. May run a program that a kubeconfig names.
   *
   * @throws IOException if they name no API server, or are of no use
   */
  static ApiAccess read(RegistryCredentials credentials) throws IOException {
    List<Path> kubeconfigs = kubeconfigs();
    // Before they are used, so that a change between the two is seen as one.
    Map<Path, String> digests = digests(kubeconfigs);
    Config config;
    try {
      config = Config.autoConfigure(null);
    } catch (KubernetesClientException e) {
      throw new IOException(
          "kubeconfig " + kubeconfigs + " cannot be used: " + ApiFailure.rootMessage(e), e);
    }
    if (kubeconfigs.isEmpty()) {
      useServiceAccount(config);
    } else if (config.getCurrentContext() == null && !isKnownOtherwise()) {
      throw new IOException(
          "kubeconfig "
              + kubeconfigs
              + " has no context that its current-context names (kubectl config get-contexts)");
    } else {
      useTokenFile(config);
    }
    use(credentials, config);
    config.setHttp2Disable(true);
    config.setRequestRetryBackoffLimit(0);
    config.setUserAgent("evenkeel");
    digests.putAll(
        digests(
            Stream.of(config.getCaCertFile(), config.getClientCertFile(), config.getClientKeyFile())
                .filter(each -> !Strings.isNullOrEmpty(each))
                .map(Path::of)
                .toList()));
    return new ApiAccess(config, digests);
  }

  private static List<Path> kubeconfigs() throws IOException {
    List<Path> named = Config.getKubeconfigFilenames().stream().map(Path::of).toList();
    List<Path> there = named.stream().filter(Files::isRegularFile).toList();
    boolean wanted =
        Utils.getSystemPropertyOrEnvVar(Config.KUBERNETES_KUBECONFIG_FILE, (String) null) != null;
    if (there.isEmpty() && wanted) {
      throw new IOException("KUBECONFIG names no file that there is: " + named);
    }
    if (there.isEmpty() && !isKnownOtherwise()) {
      throw new IOException(
          "no API server is known: there is no "
              + named
              + ", and this is no pod (set KUBECONFIG to the file that kubectl uses)");
    }
    return there;
  }

  private static boolean isKnownOtherwise() {
    return Utils.getSystemPropertyOrEnvVar(SERVICE_ACCOUNT_HOST, (String) null) != null
        || Utils.getSystemPropertyOrEnvVar(Config.KUBERNETES_MASTER_SYSTEM_PROPERTY, (String) null)
            != null;
  }

  /** The one thing of a kubeconfig's user that fabric8 does not read. */
  private static void useTokenFile(Config config) {
    NamedContext context = config.getCurrentContext();
    File file = config.getFileWithAuthInfo();
    if (context == null || file == null) {
      return;
    }
    String user = context.getContext().getUser();
    KubeConfigUtils.parseConfig(file).getUsers().stream()
        .filter(each -> each.getName().equals(user) && each.getUser() != null)
        .map(each -> each.getUser().getTokenFile())
        .filter(each -> !Strings.isNullOrEmpty(each))
        .map(each -> file.toPath().resolveSibling(each))
        .findFirst()
        .ifPresent(each -> useToken(RegistryCredentials.builder().tokenFile(each).build(), config));
  }

  private static void useServiceAccount(Config config) {
    Path token =
        Path.of(
            Utils.getSystemPropertyOrEnvVar(
                Config.KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN_FILE_SYSTEM_PROPERTY,
                Config.KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH));
    if (Files.exists(token)) {
      useToken(RegistryCredentials.builder().tokenFile(token).build(), config);
    }
  }

  private static void use(RegistryCredentials credentials, Config config) throws IOException {
    if (credentials.token() != null) {
      useToken(credentials, config);
    } else if (credentials.username() != null) {
      config.setUsername(credentials.username());
      config.setPassword(credentials.password());
    }
    if (credentials.namesTlsFiles()) {
      TlsChannelCredentials tls = tls(credentials);
      if (tls.getRootCertificates() != null) {
        config.setCaCertData(base64(tls.getRootCertificates()));
      }
      if (tls.getPrivateKey() != null) {
        config.setClientCertData(base64(tls.getCertificateChain()));
        config.setClientKeyData(base64(tls.getPrivateKey()));
      }
    }
  }

  private static void useToken(RegistryCredentials credentials, Config config) {
    config.setOauthTokenProvider(
        () -> {
          try {
            return token(credentials);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static @Nullable String token(RegistryCredentials credentials) throws IOException {
    String token = credentials.token();
    if (token != null && !token.matches("[\\x21-\\x7e]+")) {
      // Not quoted, and refused here: the HTTP client's own message would show it.
      throw new IOException("the token is no single word of ASCII");
    }
    return token;
  }

  private static TlsChannelCredentials tls(RegistryCredentials credentials) throws IOException {
    ChannelCredentials read = credentials.tls();
    if (read instanceof TlsChannelCredentials tls) {
      return tls;
    }
    throw new IOException("credentials are of an unknown kind: " + read.getClass().getName());
  }

  private static @Nullable String base64(byte @Nullable [] bytes) {
    return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
  }

  private static Map<Path, String> digests(List<Path> files) {
    return files.stream()
        .distinct()
        .collect(Collectors.toMap(each -> each, ApiAccess::digest, (one, same) -> one));
  }

  private static String digest(Path file) {
    try {
      return Hashing.sha256().hashBytes(Files.readAllBytes(file)).toString();
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** For an HTTP client. */
  Config config() {
    return config;
  }

  /** Whether the files that it was read from still say the same. Reads them. */
  boolean isCurrent() {
    return digests(List.copyOf(files.keySet())).equals(files);
  }

  /** The API server's URL, without a slash at its end. */
  String server() {
    return config.getMasterUrl().replaceAll("/+$", "");
  }

  /**
   * The namespace of the kubeconfig's context, or of this pod; {@code default} where none is set.
   */
  String namespace() {
    String namespace = Strings.nullToEmpty(config.getNamespace()).trim();
    return namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace;
  }
}
