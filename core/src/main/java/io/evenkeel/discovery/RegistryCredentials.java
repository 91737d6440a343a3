package io.evenkeel.discovery;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How this process proves itself to a registry, and the registry to it.
 *
 * <p>They come from code, {@code RegistryCredentials.set("etcd", …)}, or from the environment: for
 * the scheme {@code etcd} from {@code EVENKEEL_ETCD_USERNAME}, {@code _PASSWORD}, {@code
 * _PASSWORD_FILE}, {@code _TOKEN}, {@code _TOKEN_FILE}, {@code _CA_FILE}, {@code _CERT_FILE} and
 * {@code _KEY_FILE}. They never stand in a target or registry URI, since those are logged.
 *
 * <p>Files are read when they are needed, so that a new content counts from the next connection on.
 * Immutable; {@link #toString} tells what is set, never to what.
 */
public final class RegistryCredentials {
  /** No user, no TLS. */
  public static final RegistryCredentials NONE = builder().build();

  /** A password or token is short; more is the wrong file. */
  private static final int MAX_SECRET_BYTES = 64 << 10;

  /** What {@link #fromEnvironment} reads, for any scheme. */
  private static final Pattern VARIABLE =
      Pattern.compile(
          "EVENKEEL_[A-Z0-9_]+_(USERNAME|PASSWORD|PASSWORD_FILE|TOKEN|TOKEN_FILE|CA_FILE|CERT_FILE"
              + "|KEY_FILE)");

  private static final Map<String, RegistryCredentials> fromCode = new ConcurrentHashMap<>();

  private final @Nullable String username;
  private final @Nullable String password;
  private final @Nullable Path passwordFile;
  private final @Nullable String token;
  private final @Nullable Path tokenFile;
  private final @Nullable Path caFile;
  private final @Nullable Path certFile;
  private final @Nullable Path keyFile;

  private RegistryCredentials(Builder builder) {
    this.username = builder.username;
    this.password = builder.password;
    this.passwordFile = builder.passwordFile;
    this.token = builder.token;
    this.tokenFile = builder.tokenFile;
    this.caFile = builder.caFile;
    this.certFile = builder.certFile;
    this.keyFile = builder.keyFile;
  }

  /** Begins with {@link #NONE}. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Makes {@code credentials} those of all registries of {@code scheme} in this process that are
   * opened from now on, in place of what the environment says.
   */
  public static void set(String scheme, RegistryCredentials credentials) {
    fromCode.put(scheme, credentials);
  }

  /** Forgets what {@link #set} said: the environment counts again. */
  public static void unset(String scheme) {
    fromCode.remove(scheme);
  }

  /** What {@link #set} has said for {@code scheme}; null where the environment counts. */
  static @Nullable RegistryCredentials fromCode(String scheme) {
    return fromCode.get(scheme);
  }

  /**
   * The credentials for registries of {@code scheme}.
   *
   * @throws IllegalArgumentException if the environment contradicts itself; names the variables
   */
  public static RegistryCredentials of(String scheme) {
    RegistryCredentials set = fromCode.get(scheme);
    return set == null ? fromEnvironment(scheme, System::getenv) : set;
  }

  /** Whether {@code name} is a variable of the environment that is read for some scheme. */
  public static boolean isVariable(String name) {
    return VARIABLE.matcher(name).matches();
  }

  static RegistryCredentials fromEnvironment(
      String scheme, UnaryOperator<@Nullable String> environment) {
    String prefix = "EVENKEEL_" + scheme.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    UnaryOperator<@Nullable String> variable =
        name -> {
          String value = environment.apply(prefix + "_" + name);
          return value == null || value.isEmpty() ? null : value;
        };
    Builder builder = new Builder();
    builder.prefix = prefix + "_";
    builder.username = variable.apply("USERNAME");
    builder.password = variable.apply("PASSWORD");
    builder.passwordFile = path(variable.apply("PASSWORD_FILE"));
    builder.token = variable.apply("TOKEN");
    builder.tokenFile = path(variable.apply("TOKEN_FILE"));
    builder.caFile = path(variable.apply("CA_FILE"));
    builder.certFile = path(variable.apply("CERT_FILE"));
    builder.keyFile = path(variable.apply("KEY_FILE"));
    return builder.build();
  }

  private static @Nullable Path path(@Nullable String file) {
    return file == null ? null : Path.of(file);
  }

  /** The user's name, or null for none. */
  public @Nullable String username() {
    return username;
  }

  /**
   * The password, or null for none. May read a file.
   *
   * @throws IOException naming the file that cannot be read
   */
  public @Nullable String password() throws IOException {
    return passwordFile == null ? password : secret("password file", passwordFile);
  }

  /**
   * The token, or null for none. May read a file.
   *
   * @throws IOException naming the file that cannot be read
   */
  public @Nullable String token() throws IOException {
    return tokenFile == null ? token : secret("token file", tokenFile);
  }

  /** Whether a file for TLS is named, so that the registry is to be talked to by TLS. */
  public boolean namesTlsFiles() {
    return caFile != null || certFile != null;
  }

  /**
   * TLS with the certificates named here, the system's authorities where no other is. May read
   * files.
   *
   * @throws IOException naming the file that cannot be read or is no certificate or key
   */
  public ChannelCredentials tls() throws IOException {
    TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
    if (caFile != null) {
      tls.trustManager(certificates("CA file", caFile));
    }
    if (certFile != null && keyFile != null) {
      tls.keyManager(certificates("certificate file", certFile), key(keyFile));
    }
    return tls.build();
  }

  /** {@link #tls} where {@link #namesTlsFiles}, else plain text. */
  public ChannelCredentials tlsOrPlaintext() throws IOException {
    return namesTlsFiles() ? tls() : InsecureChannelCredentials.create();
  }

  /** Looked into here, because gRPC would not say which file is wrong. */
  private static File certificates(String what, Path file) throws IOException {
    try (InputStream input = Files.newInputStream(file)) {
      if (CertificateFactory.getInstance("X.509").generateCertificates(input).isEmpty()) {
        throw new IOException(what + " " + file + " holds no certificate in PEM form");
      }
    } catch (CertificateException e) {
      throw new IOException(
          what + " " + file + " is no certificate in PEM form: " + e.getMessage(), e);
    } catch (FileSystemException e) {
      throw new IOException(what + " " + file + " cannot be read", e);
    }
    return file.toFile();
  }

  private static File key(Path file) throws IOException {
    if (!secret("key file", file).contains("-----BEGIN PRIVATE KEY-----")) {
      throw new IOException(
          "key file "
              + file
              + " is no PKCS#8 key in PEM form (openssl pkcs8 -topk8 -nocrypt makes one)");
    }
    return file.toFile();
  }

  private static String secret(String what, Path file) throws IOException {
    byte[] bytes;
    try (InputStream input = Files.newInputStream(file)) {
      bytes = input.readNBytes(MAX_SECRET_BYTES + 1);
    } catch (IOException e) {
      throw new IOException(what + " " + file + " cannot be read", e);
    }
    if (bytes.length > MAX_SECRET_BYTES) {
      throw new IOException(what + " " + file + " is larger than " + MAX_SECRET_BYTES + " bytes");
    }
    // Editors and echo end a file with a line break that is no part of the secret.
    return new String(bytes, StandardCharsets.UTF_8).replaceAll("[\r\n]+$", "");
  }

  @Override
  public String toString() {
    List<String> set = new ArrayList<>();
    addIf(set, username, "username");
    addIf(set, password, "password");
    addIf(set, passwordFile, "password file");
    addIf(set, token, "token");
    addIf(set, tokenFile, "token file");
    addIf(set, caFile, "CA file");
    addIf(set, certFile, "certificate file");
    addIf(set, keyFile, "key file");
    return "RegistryCredentials" + set;
  }

  private static void addIf(List<String> set, @Nullable Object value, String name) {
    if (value != null) {
      set.add(name);
    }
  }

  /** Collects credentials. Not thread-safe. */
  public static final class Builder {
    private String prefix = "";
    private @Nullable String username;
    private @Nullable String password;
    private @Nullable Path passwordFile;
    private @Nullable String token;
    private @Nullable Path tokenFile;
    private @Nullable Path caFile;
    private @Nullable Path certFile;
    private @Nullable Path keyFile;

    private Builder() {}

    /** The user and its password. Default: none. */
    public Builder user(String username, String password) {
      this.username = username;
      this.password = password;
      return this;
    }

    /** The user and the file that holds its password. Default: none. */
    public Builder user(String username, Path passwordFile) {
      this.username = username;
      this.passwordFile = passwordFile;
      return this;
    }

    /** A token in place of a user. Default: none. */
    public Builder token(String token) {
      this.token = token;
      return this;
    }

    /** The file that holds a token in place of a user. Default: none. */
    public Builder tokenFile(Path tokenFile) {
      this.tokenFile = tokenFile;
      return this;
    }

    /**
     * PEM certificates of the authorities that the registry's servers are proved by. Default: the
     * system's.
     */
    public Builder caFile(Path caFile) {
      this.caFile = caFile;
      return this;
    }

    /** PEM certificate chain and PKCS#8 key that this process proves itself by. Default: none. */
    public Builder keyPair(Path certFile, Path keyFile) {
      this.certFile = certFile;
      this.keyFile = keyFile;
      return this;
    }

    /**
     * The credentials.
     *
     * @throws IllegalArgumentException if one is given twice, or only one half of a pair
     */
    public RegistryCredentials build() {
      refuseBoth(password, "PASSWORD", passwordFile, "PASSWORD_FILE");
      refuseBoth(token, "TOKEN", tokenFile, "TOKEN_FILE");
      demandBoth(username, "USERNAME", password == null ? passwordFile : password, "PASSWORD");
      demandBoth(certFile, "CERT_FILE", keyFile, "KEY_FILE");
      return new RegistryCredentials(this);
    }

    private void refuseBoth(@Nullable Object one, String name, @Nullable Object two, String other) {
      if (one != null && two != null) {
        throw new IllegalArgumentException(
            prefix + name + " and " + prefix + other + " are both set (expected: one of them)");
      }
    }

    private void demandBoth(@Nullable Object one, String name, @Nullable Object two, String other) {
      if ((one == null) != (two == null)) {
        throw new IllegalArgumentException(
            prefix
                + (one == null ? other : name)
                + " is set without "
                + prefix
                + (one == null ? name : other));
      }
    }
  }
}
