package io.evenkeel.load;

import io.evenkeel.fixture.Interleavings;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Validate;
import org.jetbrains.kotlinx.lincheck.strategy.managed.modelchecking.ModelCheckingOptions;
import org.junit.jupiter.api.Test;

/**
 * Whatever way threads interleave, no attempt is counted twice, none for ever, and each in one sum.
 */
public class EndpointLoadInterleavingTest {
  private final EndpointLoad load = new EndpointLoad();
  private final CallAttempts attempts = new CallAttempts(MethodType.UNARY);
  private final LoadSum sum = new LoadSum();
  private final LoadSum otherSum = new LoadSum();
  private final ClientStreamTracer tracked = tracer(attempts);
  private final ClientStreamTracer untracked = tracer(null);

  @Operation(nonParallelGroup = "transport") // gRPC closes a stream once
  public void transportClosesTrackedAttempt() {
    tracked.streamClosed(Status.OK);
  }

  @Operation(nonParallelGroup = "transport") // gRPC closes a stream once
  public void transportClosesUntrackedAttempt() {
    untracked.streamClosed(Status.OK);
  }

  @Operation
  public void callEnds() {
    attempts.close();
  }

  @Operation
  public void callIsTriedAgain() {
    tracer(attempts);
  }

  @Operation
  public void otherCallComesAndGoes() {
    tracer(null).streamClosed(Status.CANCELLED);
  }

  @Operation(nonParallelGroup = "synchronization context")
  public void connectionIsLost() {
    load.connectionLost();
  }

  @Operation(nonParallelGroup = "synchronization context")
  public void joinsSum() {
    load.joinSum(sum);
  }

  @Operation(nonParallelGroup = "synchronization context")
  public void joinsOtherSum() {
    load.joinSum(otherSum);
  }

  @Operation(nonParallelGroup = "synchronization context")
  public void leavesSum() {
    load.leaveSum(sum);
  }

  @Validate
  public void nothingIsLeftOnceAllIsOver() {
    int inFlight = load.inFlight();
    load.joinSum(sum);
    if (sum.inFlight() != inFlight || otherSum.inFlight() != 0) {
      throw new IllegalStateException(
          inFlight + " in flight, " + sum.inFlight() + " and " + otherSum.inFlight() + " in sums");
    }
    attempts.close();
    tracked.streamClosed(Status.OK);
    load.connectionLost();
    if (inFlight < 0 || load.inFlight() != 0 || sum.inFlight() != 0) {
      throw new IllegalStateException(
          inFlight + " in flight, then " + load.inFlight() + " when all is over");
    }
  }

  @Test
  void everyInterleaving_whenAllIsOver_leavesNothing() {
    Interleavings.check(
        EndpointLoadInterleavingTest.class,
        new ModelCheckingOptions()
            .iterations(8)
            .threads(2)
            .actorsPerThread(2)
            .actorsBefore(0)
            .actorsAfter(0)
            .invocationsPerIteration(100));
  }

  private ClientStreamTracer tracer(CallAttempts of) {
    CallOptions options =
        of == null ? CallOptions.DEFAULT : CallOptions.DEFAULT.withOption(CallAttempts.KEY, of);
    StreamInfo info = StreamInfo.newBuilder().setCallOptions(options).build();
    ClientStreamTracer tracer = load.newClientStreamTracer(info, new Metadata());
    tracer.streamCreated(Attributes.EMPTY, new Metadata());
    return tracer;
  }
}
