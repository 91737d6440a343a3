package io.evenkeel.discovery.etcd;

import static java.util.Objects.requireNonNull;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.evenkeel.discovery.RegistryCredentials;
import io.grpc.CallCredentials;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What each call of a user carries: a token that etcd gives for name and password, asked for by the
 * first call and used by all others of the same client.
 *
 * <p>An etcd that does not ask for users is spoken to without a token, as by etcd's own clients.
 *
 * <p>etcd forgets tokens: when it restarts, and some when they are not used for five minutes. A
 * call that carried a forgotten one fails, and with it goes the client and this token.
 *
 * <p>Thread-safe.
 */
final class EtcdToken extends CallCredentials {
  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

  private final String username;
  private final RegistryCredentials credentials;
  private final Channel channel;
  private @Nullable ListenableFuture<AuthenticateResponse> asked; // guarded by this

  private EtcdToken(String username, RegistryCredentials credentials, Channel channel) {
    this.username = username;
    this.credentials = credentials;
    this.channel = channel;
  }

  /** Null where no user is named. */
  static @Nullable EtcdToken of(RegistryCredentials credentials, Channel channel) {
    String username = credentials.username();
    return username == null ? null : new EtcdToken(username, credentials, channel);
  }

  @Override
  public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier call) {
    // Reads the file of the password, and must not do that on the transport's thread.
    executor.execute(
        () -> {
          try {
            Futures.addCallback(token(), new Applying(call), MoreExecutors.directExecutor());
          } catch (IOException e) {
            call.fail(Status.UNAUTHENTICATED.withDescription(e.getMessage()).withCause(e));
          }
        });
  }

  private synchronized ListenableFuture<AuthenticateResponse> token() throws IOException {
    if (asked == null) {
      String password = credentials.password();
      asked =
          AuthGrpc.newFutureStub(channel)
              .withDeadlineAfter(EtcdClient.CALL_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)
              .authenticate(
                  AuthenticateRequest.newBuilder()
                      .setName(username)
                      .setPassword(password == null ? "" : password)
                      .build());
    }
    return asked;
  }

  private static final class Applying implements FutureCallback<AuthenticateResponse> {
    private final MetadataApplier call;

    Applying(MetadataApplier call) {
      this.call = call;
    }

    @Override
    public void onSuccess(@Nullable AuthenticateResponse answer) {
      Metadata headers = new Metadata();
      headers.put(TOKEN, requireNonNull(answer).getToken());
      call.apply(headers);
    }

    /** gRPC takes no INVALID_ARGUMENT from credentials, which is etcd's word for a wrong one. */
    @Override
    public void onFailure(Throwable e) {
      Status status = Status.fromThrowable(e);
      if (asksForNoUsers(status)) {
        call.apply(new Metadata());
        return;
      }
      call.fail(
          status.getCode() == Status.Code.INVALID_ARGUMENT
              ? Status.UNAUTHENTICATED.withDescription(status.getDescription()).withCause(e)
              : status);
    }

    /** So that users can be given to all programs first, and etcd be told to demand them then. */
    private static boolean asksForNoUsers(Status status) {
      return status.getCode() == Status.Code.FAILED_PRECONDITION
          && String.valueOf(status.getDescription()).contains("authentication is not enabled");
    }
  }
}
