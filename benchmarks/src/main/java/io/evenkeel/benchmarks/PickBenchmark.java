package io.evenkeel.benchmarks;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What one pick costs, and one pick together with the tracer of its call. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PickBenchmark {

  /** A fleet that all threads share. */
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // JMH fills the fields
  public static class Target {
    @Param public Subject subject;

    @Param({"3", "100", "1000", "10000"})
    public int endpoints;

    private Fleet fleet;

    @Setup
    public void setUp() {
      fleet = Fleet.ready(subject, endpoints);
    }
  }

  /** The calls of one thread. */
  @State(Scope.Thread)
  public static class Caller {
    private final Calls calls = new Calls(new SplittableRandom(Thread.currentThread().getId()));
    private final ClientStreamTracer.StreamInfo info =
        ClientStreamTracer.StreamInfo.newBuilder().build();
    private final Metadata headers = new Metadata();
  }

  @Benchmark
  public PickResult pick(Target target, Caller caller) {
    return target.fleet.pick(caller.calls.next());
  }

  @Benchmark
  public Object pickAndTrace(Target target, Caller caller) {
    PickResult result = target.fleet.pick(caller.calls.next());
    ClientStreamTracer.Factory factory = result.getStreamTracerFactory();
    if (factory == null) {
      return result;
    }
    ClientStreamTracer tracer = factory.newClientStreamTracer(caller.info, caller.headers);
    tracer.streamCreated(Attributes.EMPTY, caller.headers);
    tracer.streamClosed(Status.OK);
    return tracer;
  }
}
