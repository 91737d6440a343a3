package io.evenkeel.discovery;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The contents of the files for TLS that {@link RegistryCredentials} name, for clients that take
 * the JDK's own types. Equal where the contents are, so that two need only one client. Immutable.
 */
public final class RegistryTls {
  private static final char[] NO_PASSWORD = {};

  private final byte @Nullable [] authorities;
  private final byte @Nullable [] chain;
  private final byte @Nullable [] key;

  private RegistryTls(TlsChannelCredentials files) {
    this.authorities = files.getRootCertificates();
    this.chain = files.getCertificateChain();
    this.key = files.getPrivateKey();
  }

  /**
   * Reads the files that {@code credentials} name; where they name none it is TLS with the system's
   * authorities.
   *
   * @throws IOException naming the file that cannot be read or is no certificate or key
   */
  public static RegistryTls read(RegistryCredentials credentials) throws IOException {
    ChannelCredentials read = credentials.tls();
    if (!(read instanceof TlsChannelCredentials files)) {
      throw new IOException("credentials are of an unknown kind: " + read.getClass().getName());
    }
    return new RegistryTls(files);
  }

  /**
   * What a client needs to make connections.
   *
   * @throws IOException if a file holds what is no certificate or key
   */
  public SSLContext context() throws IOException {
    KeyStore own = keys(NO_PASSWORD);
    KeyStore trusted = authorities();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      // Null means the JDK's own: no certificate, and the system's authorities.
      context.init(
          own == null ? null : managers(own).getKeyManagers(),
          trusted == null ? null : trust(trusted).getTrustManagers(),
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  private static KeyManagerFactory managers(KeyStore own) throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, NO_PASSWORD);
    return keys;
  }

  private static TrustManagerFactory trust(KeyStore authorities) throws GeneralSecurityException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    return trust;
  }

  /**
   * The authorities that the registry's servers are proved by; null for the system's.
   *
   * @throws IOException if the file holds what is no certificate
   */
  public @Nullable KeyStore authorities() throws IOException {
    if (authorities == null) {
      return null;
    }
    try {
      KeyStore store = emptyStore();
      for (X509Certificate each : certificates(authorities)) {
        store.setCertificateEntry("ca-" + store.size(), each);
      }
      return store;
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  /**
   * The key that this process proves itself by, and its certificates; null for none.
   *
   * @param password that the key is to have in the store
   * @throws IOException if a file holds what is no certificate or key
   */
  public @Nullable KeyStore keys(char[] password) throws IOException {
    if (chain == null || key == null) {
      return null;
    }
    try (InputStream pem = new ByteArrayInputStream(key)) {
      PrivateKey privateKey = CertificateUtils.getPrivateKey(pem);
      KeyStore store = emptyStore();
      store.setKeyEntry("key", privateKey, password, certificates(chain));
      return store;
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  private static X509Certificate[] certificates(byte[] pem)
      throws IOException, GeneralSecurityException {
    try (InputStream input = new ByteArrayInputStream(pem)) {
      return CertificateUtils.getX509Certificates(input);
    }
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  private static IOException unusable(GeneralSecurityException e) {
    return new IOException("a file for TLS is no PEM certificate or key: " + e.getMessage(), e);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RegistryTls that
        && Arrays.equals(authorities, that.authorities)
        && Arrays.equals(chain, that.chain)
        && Arrays.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(new int[] {Arrays.hashCode(authorities), Arrays.hashCode(chain)});
  }

  /** Tells what it is made of, never the contents. */
  @Override
  public String toString() {
    return (authorities == null ? "TLS with the system's authorities" : "TLS with a CA file")
        + (chain == null ? "" : " and a client certificate");
  }
}
