package io.evenkeel.policy.leastrequest;

import io.evenkeel.Endpoint;
import io.evenkeel.fixture.Interleavings;
import io.evenkeel.load.EndpointLoad;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Rotation;
import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;
import org.jetbrains.kotlinx.lincheck.annotations.Validate;
import org.jetbrains.kotlinx.lincheck.paramgen.IntGen;
import org.jetbrains.kotlinx.lincheck.strategy.managed.modelchecking.ModelCheckingOptions;
import org.junit.jupiter.api.Test;

/** Whatever way threads interleave, the tree is right once they are done. */
@Param(name = "endpoint", gen = IntGen.class, conf = "0:1")
public class LeastLoadedTreeInterleavingTest {
  private final Rotation rotation =
      new Rotation(List.of(new PlainCandidate(), new PlainCandidate()), new double[] {1, 1});
  private final LeastLoadedTree tree = new LeastLoadedTree(rotation, 1);

  /** A call starts and stays. */
  @Operation
  public void start(@Param(name = "endpoint") int endpoint) {
    tracer(endpoint);
  }

  /** A call starts and ends. */
  @Operation
  public void call(@Param(name = "endpoint") int endpoint) {
    ClientStreamTracer tracer = tracer(endpoint);
    tracer.streamCreated(Attributes.EMPTY, new Metadata());
    tracer.streamClosed(Status.OK);
  }

  /** Where the tree takes both for alike, chance could take either. */
  @Validate
  public void leastIsLeast() {
    int first = rotation.get(0).load().inFlight();
    int second = rotation.get(1).load().inFlight();
    int expected = Integer.compare(first, second);
    int actual = tree.least(0) == tree.least(-1) ? tree.least(0) == 0 ? -1 : 1 : 0;
    if (actual != expected) {
      throw new IllegalStateException(first + " and " + second + " compare as " + actual);
    }
  }

  @Test
  void everyInterleaving_whenDone_knowsTheLeastLoaded() {
    Interleavings.check(
        LeastLoadedTreeInterleavingTest.class,
        new ModelCheckingOptions()
            .iterations(6)
            .threads(2)
            .actorsPerThread(1)
            .actorsBefore(1)
            .actorsAfter(0)
            .invocationsPerIteration(200));
  }

  private ClientStreamTracer tracer(int endpoint) {
    return rotation
        .get(endpoint)
        .load()
        .newClientStreamTracer(StreamInfo.newBuilder().build(), new Metadata());
  }

  /** Lincheck looks into every object and cannot look into a record. */
  private static final class PlainCandidate implements Candidate {
    private final EndpointLoad load = new EndpointLoad();

    @Override
    public Endpoint endpoint() {
      throw new UnsupportedOperationException("the tree asks for loads only");
    }

    @Override
    public EndpointLoad load() {
      return load;
    }

    @Override
    public boolean ready() {
      return true;
    }
  }
}
