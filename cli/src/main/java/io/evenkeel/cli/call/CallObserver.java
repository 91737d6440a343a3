package io.evenkeel.cli.call;

import io.grpc.Metadata;

/** Hears what calls bring. Called from many threads, for one call by one at a time. */
interface CallObserver {

  /** The response headers of a call. */
  void onHeaders(Metadata headers);

  /** One answer, as JSON. */
  void onAnswer(String json);

  /** A call has ended. */
  void onEnd(Outcome outcome);
}
