package io.evenkeel.testkit;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate that signs itself, made by the JDK's {@code keytool} for one run, in a key store
 * with its private key. Its clients trust it and nothing else. It is valid for a day. Stateless.
 */
public final class ThrowawayCertificate {
  /** Whom it is for: what a channel has to override its authority with. */
  public static final String NAME = "servers.example.test";

  /** {@code keytool} demands one; the store lives no longer than the run that made it. */
  private static final String PASSWORD = "throwaway";

  private ThrowawayCertificate() {}

  /**
   * Makes one in {@code file}, which must not exist. Blocks while {@code keytool} runs.
   *
   * @throws IOException if {@code keytool} fails or the thread is interrupted
   */
  public static void make(Path file) throws IOException {
    make(file, "dns:" + NAME);
  }

  /** As {@link #make(Path)}, for a server that is reached at 127.0.0.1. */
  public static void makeForLoopback(Path file) throws IOException {
    make(file, "dns:" + NAME + ",ip:127.0.0.1");
  }

  private static void make(Path file, String names) throws IOException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "1",
                "-dname",
                "CN=" + NAME,
                "-ext",
                "san=" + names,
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (keytool.waitFor() != 0) {
        throw new IOException("keytool made no certificate: exit code " + keytool.exitValue());
      }
    } catch (InterruptedException e) {
      keytool.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    }
  }

  /**
   * What a server needs to prove {@link #NAME}.
   *
   * @throws IOException if {@link #make} has not made {@code file}
   */
  public static ServerCredentials server(Path file) throws IOException {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(load(file), PASSWORD.toCharArray());
      return TlsServerCredentials.newBuilder().keyManager(keys.getKeyManagers()).build();
    } catch (GeneralSecurityException e) {
      throw new IOException("certificate in " + file + " is of no use", e);
    }
  }

  /**
   * What a channel needs to trust such a server.
   *
   * @throws IOException if {@link #make} has not made {@code file}
   */
  public static ChannelCredentials channel(Path file) throws IOException {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(load(file));
      return TlsChannelCredentials.newBuilder().trustManager(trust.getTrustManagers()).build();
    } catch (GeneralSecurityException e) {
      throw new IOException("certificate in " + file + " is of no use", e);
    }
  }

  /**
   * Writes certificate and key as PEM, for servers that are no Java.
   *
   * @throws IOException if {@link #make} has not made {@code file}
   */
  public static void writePem(Path file, Path certFile, Path keyFile) throws IOException {
    try {
      KeyStore store = load(file);
      String alias = store.aliases().nextElement();
      Key key = store.getKey(alias, PASSWORD.toCharArray());
      Files.writeString(certFile, pem("CERTIFICATE", store.getCertificate(alias).getEncoded()));
      Files.writeString(keyFile, pem("PRIVATE KEY", key.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IOException("certificate in " + file + " is of no use", e);
    }
  }

  private static String pem(String what, byte[] encoded) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(encoded), what);
  }

  private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream input = Files.newInputStream(file)) {
      store.load(input, PASSWORD.toCharArray());
    }
    return store;
  }
}
