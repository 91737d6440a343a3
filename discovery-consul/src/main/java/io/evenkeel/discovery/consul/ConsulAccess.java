package io.evenkeel.discovery.consul;

import io.evenkeel.discovery.RegistryCredentials;
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
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How Consul is reached.
 *
 * @param credentials the token, and files for TLS
 * @param tls whether to use TLS also where {@code credentials} name no file for it, and so with the
 *     system's authorities
 */
record ConsulAccess(RegistryCredentials credentials, boolean tls) {
  /** Of a key store that is never written. */
  private static final char[] NO_PASSWORD = {};

  /** {@code http} or {@code https}. */
  String scheme() {
    return tls || credentials.namesTlsFiles() ? "https" : "http";
  }

  /**
   * What TLS is made of, to be compared: two of the same content need only one client. Reads files.
   *
   * @throws IOException naming the file that cannot be read
   */
  Optional<TlsMaterial> tlsMaterial() throws IOException {
    if (scheme().equals("http")) {
      return Optional.empty();
    }
    ChannelCredentials read = credentials.tls();
    if (!(read instanceof TlsChannelCredentials files)) {
      throw new IOException("credentials are of an unknown kind: " + read.getClass().getName());
    }
    return Optional.of(
        new TlsMaterial(
            files.getRootCertificates(), files.getCertificateChain(), files.getPrivateKey()));
  }

  /** Contents of PEM files, null where none is named. Equal where the contents are. */
  static final class TlsMaterial {
    private final byte @Nullable [] authorities;
    private final byte @Nullable [] chain;
    private final byte @Nullable [] key;

    private TlsMaterial(
        byte @Nullable [] authorities, byte @Nullable [] chain, byte @Nullable [] key) {
      this.authorities = authorities;
      this.chain = chain;
      this.key = key;
    }

    /** Null members mean the JDK's own: the system's authorities, and no certificate. */
    SSLContext context() throws IOException {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
            chain == null || key == null ? null : keys(chain, key).getKeyManagers(),
            authorities == null ? null : trust(authorities).getTrustManagers(),
            null);
        return context;
      } catch (GeneralSecurityException e) {
        throw new IOException("a file for TLS is no PEM certificate or key: " + e.getMessage(), e);
      }
    }

    private static TrustManagerFactory trust(byte[] authorities)
        throws IOException, GeneralSecurityException {
      KeyStore store = emptyStore();
      for (X509Certificate each : certificates(authorities)) {
        store.setCertificateEntry("ca-" + store.size(), each);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      return trust;
    }

    private static KeyManagerFactory keys(byte[] chain, byte[] key)
        throws IOException, GeneralSecurityException {
      PrivateKey privateKey;
      try (InputStream pem = new ByteArrayInputStream(key)) {
        privateKey = CertificateUtils.getPrivateKey(pem);
      }
      KeyStore store = emptyStore();
      store.setKeyEntry("key", privateKey, NO_PASSWORD, certificates(chain));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, NO_PASSWORD);
      return keys;
    }

    private static X509Certificate[] certificates(byte[] pem)
        throws IOException, GeneralSecurityException {
      try (InputStream input = new ByteArrayInputStream(pem)) {
        return CertificateUtils.getX509Certificates(input);
      }
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, NO_PASSWORD);
      return store;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof TlsMaterial that
          && Arrays.equals(authorities, that.authorities)
          && Arrays.equals(chain, that.chain)
          && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(new int[] {Arrays.hashCode(authorities), Arrays.hashCode(chain)});
    }
  }
}
