package io.evenkeel.policy;

import io.evenkeel.Endpoint;
import io.evenkeel.load.EndpointLoad;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Metadata;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An endpoint without a connection, for tests of policies. */
public record TestCandidate(Endpoint endpoint, EndpointLoad load) implements Candidate {

  /** The {@code number}th of its service. */
  public static TestCandidate number(int number) {
    return new TestCandidate(
        Endpoint.of(InetSocketAddress.createUnresolved("endpoint", number)), new EndpointLoad());
  }

  /** A rotation of {@code size} new candidates of the same weight. */
  public static Rotation rotation(int size) {
    double[] weights = new double[size];
    Arrays.fill(weights, 1);
    return rotation(weights);
  }

  /** A rotation of new candidates with {@code weights}. */
  public static Rotation rotation(double... weights) {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      candidates.add(number(i));
    }
    return new Rotation(candidates, weights);
  }

  @Override
  public boolean ready() {
    return true;
  }

  /** Lets {@code calls} more calls run on {@code candidate}, for ever. */
  public static void busy(Candidate candidate, int calls) {
    for (int i = 0; i < calls; i++) {
      candidate.load().newClientStreamTracer(StreamInfo.newBuilder().build(), new Metadata());
    }
  }
}
