package io.evenkeel.discovery.etcd;

import com.google.common.util.concurrent.ListenableFuture;
import io.evenkeel.discovery.etcd.EtcdErrors.Wish;
import io.evenkeel.registration.RegistrationException;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Questions to etcd that wait for their answer.
 *
 * <p>A client that fails is dropped, and the next question opens another one: so none can lose its
 * way for good, and none waits out a connection back-off after etcd has come back. A refusal is an
 * answer and keeps the client.
 *
 * <p>Thread-safe.
 */
final class EtcdCalls implements AutoCloseable {
  private final EtcdTarget target;
  private final EtcdClient.Factory clients;
  private final Duration timeout;
  private @Nullable EtcdClient client; // guarded by this
  private boolean closed; // guarded by this

  /**
   * Opens nothing yet.
   *
   * @param timeout bound on each question
   */
  EtcdCalls(EtcdTarget target, EtcdClient.Factory clients, Duration timeout) {
    this.target = target;
    this.clients = clients;
    this.timeout = timeout;
  }

  /**
   * Asks and waits for the one answer; {@code method} may be a stream, which then ends with it.
   *
   * @param wish what it is for, for the message if etcd refuses
   * @throws RegistrationException with a {@link Status} as its cause's, if etcd refused or did not
   *     answer in time
   */
  <Q, A> A ask(MethodDescriptor<Q, A> method, Q question, Wish wish) throws RegistrationException {
    EtcdClient used = client();
    ListenableFuture<A> answer = used.call(method, question);
    try {
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (!isRefusal(e)) {
        drop(used);
      }
      throw new RegistrationException(EtcdErrors.explain(target, wish, e), e);
    } catch (TimeoutException e) {
      answer.cancel(true);
      drop(used);
      throw new RegistrationException(
          target.describe() + ": no answer within " + timeout.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new RegistrationException(
          target.describe() + ": interrupted while waiting for the answer", e);
    }
  }

  private static boolean isRefusal(ExecutionException e) {
    return switch (Status.fromThrowable(e).getCode()) {
      // Not INVALID_ARGUMENT, which is etcd's word for a token from before the users changed.
      case NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION -> true;
      default -> false;
    };
  }

  private synchronized EtcdClient client() throws RegistrationException {
    if (closed) {
      throw new IllegalStateException(target.describe() + " is closed");
    }
    if (client == null) {
      try {
        client = clients.open();
      } catch (IOException e) {
        throw new RegistrationException(target.describe() + ": " + e.getMessage(), e);
      }
    }
    return client;
  }

  private synchronized void drop(EtcdClient failed) {
    if (client == failed) {
      client = null;
      failed.close();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
