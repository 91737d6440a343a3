package io.evenkeel.discovery.kubernetes;

import io.evenkeel.discovery.RegistryCredentials;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The clients that all discoveries of the process share, one per API server and credentials: a
 * thread that waits for all connections of a client, and {@link #THREADS} at most that read what
 * arrives, whatever the number of services.
 *
 * <p>The JDK 17 ends an HTTP client when nobody refers to it any more, and not before. So clients
 * are only referred to from here weakly, and discoveries keep theirs as long as they need it.
 */
final class ApiClients {
  /** Events are read in a millisecond; this is for the moment in which they all come. */
  static final int THREADS = 4;

  private static final long KEEP_SECONDS = 2;

  /**
   * A program for credentials may hang, which is not to hold all threads that discoveries share.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final ReentrantLock opening = new ReentrantLock();
  private static final Map<String, WeakReference<ApiClient>> clients =
      new HashMap<>(); // guarded by opening

  /** Opens a client, or hands out one that is there. */
  interface Source {

    /**
     * Reads files and the environment, and may run a program for credentials.
     *
     * @throws IOException if these name no API server, or are of no use
     */
    ApiClient open() throws IOException;
  }

  private ApiClients() {}

  /**
   * The client for what the environment and {@code credentials} say at this moment. Blocks.
   *
   * @throws IOException as {@link Source#open}, or when another one has been reading them for
   *     {@link #PATIENCE}
   */
  static ApiClient open(RegistryCredentials credentials) throws IOException {
    String key = ApiAccess.key(credentials);
    lock();
    try {
      clients.values().removeIf(each -> each.get() == null);
      WeakReference<ApiClient> known = clients.get(key);
      ApiClient client = known == null ? null : known.get();
      if (client == null || !client.isCurrent()) {
        client = new ApiClient(ApiAccess.read(credentials), Http.FACTORY);
        clients.put(key, new WeakReference<>(client));
      }
      return client;
    } finally {
      opening.unlock();
    }
  }

  private static void lock() throws IOException {
    try {
      if (opening.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another discovery reads credentials");
    }
    throw new IOException(
        "another discovery has been reading the kubeconfig for more than "
            + PATIENCE.toSeconds()
            + " s: does the program hang that the user in it names under exec?");
  }

  /** The JDK's client with threads that are bounded, and end when there is nothing to do. */
  private static final class Http extends JdkHttpClientFactory {
    static final Http FACTORY = new Http();

    private final ThreadPoolExecutor executor = newExecutor();

    /** Its queue holds a task or two of each answer that arrives, so their number bounds it. */
    private static ThreadPoolExecutor newExecutor() {
      AtomicInteger number = new AtomicInteger();
      ThreadPoolExecutor pool =
          new ThreadPoolExecutor(
              THREADS,
              THREADS,
              KEEP_SECONDS,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              task -> {
                String name = "evenkeel-kubernetes-" + number.incrementAndGet();
                // Keeps nothing of whoever happens to start it from being collected.
                Thread thread = new Thread(null, task, name, 0, false);
                thread.setDaemon(true);
                thread.setContextClassLoader(ApiClients.class.getClassLoader());
                return thread;
              });
      pool.allowCoreThreadTimeOut(true);
      return pool;
    }

    @Override
    protected java.net.http.HttpClient.Builder createNewHttpClientBuilder() {
      return java.net.http.HttpClient.newBuilder().executor(executor);
    }

    @Override
    protected void additionalConfig(java.net.http.HttpClient.Builder builder) {
      // It would carry the token along, and no list or watch is answered by one.
      builder.followRedirects(java.net.http.HttpClient.Redirect.NEVER);
    }
  }
}
