package io.evenkeel.outlier;

import io.evenkeel.fixture.Interleavings;
import io.evenkeel.outlier.EndpointRecord.Judge;
import io.evenkeel.outlier.EndpointRecord.Stage;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Validate;
import org.jetbrains.kotlinx.lincheck.strategy.managed.modelchecking.ModelCheckingOptions;
import org.junit.jupiter.api.Test;

/**
 * Whatever way threads interleave, no end of a call is lost or counted twice, and a row of failures
 * is handed over once and never left unseen, neither when it is complete nor before.
 */
public class EndpointRecordInterleavingTest {
  private static final int TOO_MANY = 2;

  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger rows = new AtomicInteger();
  private final AtomicInteger suspicions = new AtomicInteger();
  private final EndpointRecord record = new EndpointRecord(new Counter(), new Deaf());

  // Of the synchronization context.
  private int counted;
  private int rowsSeen;
  private boolean complete;
  private int suspicionsSeen;
  private boolean open;

  @Operation
  public void callFails() {
    record.stage().onEnd(Status.UNAVAILABLE, false, 1);
    ended.incrementAndGet();
  }

  @Operation
  public void callSucceeds() {
    record.stage().onEnd(Status.OK, true, 1);
    ended.incrementAndGet();
  }

  @Operation(nonParallelGroup = "synchronization context")
  public void intervalEnds() {
    counted += record.take().calls();
  }

  @Operation(nonParallelGroup = "synchronization context")
  public void rowIsLookedAt() {
    if (rows.get() > rowsSeen) {
      rowsSeen++;
      record.beginJudgement();
      complete = record.inARow() >= TOO_MANY;
    }
  }

  @Operation(nonParallelGroup = "synchronization context")
  public void suspicionIsLookedAt() {
    if (suspicions.get() > suspicionsSeen) {
      suspicionsSeen++;
      record.endSuspicion();
      open = record.inARow() > 0;
    }
  }

  @Validate
  public void nothingIsLost() {
    counted += record.take().calls();
    if (counted != ended.get()) {
      throw new IllegalStateException(counted + " counted of " + ended.get());
    }
    int row = record.inARow();
    check("rows", row, rows.get() - rowsSeen, row < TOO_MANY || complete);
    check(
        "suspicions", row, suspicions.get() - suspicionsSeen, row == 0 || row >= TOO_MANY || open);
  }

  @Test
  void everyInterleaving_always_losesNothing() {
    Interleavings.check(
        EndpointRecordInterleavingTest.class,
        new ModelCheckingOptions()
            .iterations(8)
            .threads(2)
            .actorsPerThread(3)
            .actorsBefore(1)
            .actorsAfter(0)
            .invocationsPerIteration(100));
  }

  private static void check(String what, int row, int waiting, boolean seen) {
    if (waiting > 1 || (waiting == 0 && !seen)) {
      throw new IllegalStateException(
          row + " in a row, and " + waiting + " " + what + " to look at");
    }
  }

  private final class Counter implements Judge {
    @Override
    public boolean isFailure(Status status, boolean fromServer) {
      return !status.isOk();
    }

    @Override
    public int tooMany() {
      return TOO_MANY;
    }

    @Override
    public void onRow(EndpointRecord of) {
      rows.incrementAndGet();
    }

    @Override
    public void onSuspicion(EndpointRecord of) {
      suspicions.incrementAndGet();
    }

    @Override
    public void onProbe(EndpointRecord of, Stage begun, Status result) {
      throw new IllegalStateException("nobody is on probation");
    }
  }

  private static final class Deaf implements EjectionListener {
    @Override
    public void onSuspected() {}

    @Override
    public void onEjected(Ejection ejection) {}

    @Override
    public void onProbation() {}

    @Override
    public void onProbePassed() {}

    @Override
    public void onRevived() {}
  }
}
