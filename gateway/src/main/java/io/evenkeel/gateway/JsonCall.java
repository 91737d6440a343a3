package io.evenkeel.gateway;

import com.google.protobuf.DynamicMessage;
import com.linecorp.armeria.common.HttpResponse;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Waits for the one answer of an upstream call. Called by one thread at a time. */
final class JsonCall extends ClientCall.Listener<DynamicMessage> {
  private final CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
  private final Exchange exchange;
  private final HttpBinding binding;
  private final JsonAnswers answers;
  private Metadata headers = new Metadata();
  private @Nullable DynamicMessage message;

  JsonCall(Exchange exchange, HttpBinding binding, JsonAnswers answers) {
    this.exchange = exchange;
    this.binding = binding;
    this.answers = answers;
  }

  /** Completes when the call has ended; a failed call is an answer too. */
  CompletableFuture<HttpResponse> answer() {
    return answer;
  }

  @Override
  public void onHeaders(Metadata headers) {
    this.headers = headers;
  }

  @Override
  public void onMessage(DynamicMessage message) {
    this.message = message;
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    exchange.upstreamClosed(status);
    try {
      answer.complete(answerTo(status, trailers));
    } catch (RuntimeException e) {
      // Nobody else would end the request.
      answer.completeExceptionally(e);
    }
  }

  private HttpResponse answerTo(Status status, Metadata trailers) {
    if (!status.isOk()) {
      return answers.error(status, trailers);
    }
    return message == null
        ? answers.error(Status.INTERNAL.withDescription("upstream sent no answer"), trailers)
        : answers.ok(message, binding.responseBody(), headers);
  }
}
