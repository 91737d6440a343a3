package io.evenkeel.benchmarks;

import io.evenkeel.testkit.FakeHelper;
import io.grpc.CallOptions;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import java.util.random.RandomGenerator;

/** Calls of many users, who are told apart by a header. Not thread-safe. */
final class Calls {
  static final String HEADER = "x-user-id";

  private static final Metadata.Key<String> KEY =
      Metadata.Key.of(HEADER, Metadata.ASCII_STRING_MARSHALLER);
  private static final int COUNT = 1024;

  private final PickSubchannelArgs[] calls = new PickSubchannelArgs[COUNT];
  private int next;

  Calls(RandomGenerator random) {
    for (int i = 0; i < COUNT; i++) {
      calls[i] = ofUser(random.nextInt(Integer.MAX_VALUE));
    }
  }

  static PickSubchannelArgs ofUser(int number) {
    PickSubchannelArgs call = FakeHelper.call(CallOptions.DEFAULT);
    call.getHeaders().put(KEY, "user-" + number);
    return call;
  }

  PickSubchannelArgs next() {
    return calls[next++ & (COUNT - 1)];
  }
}
