package io.evenkeel.benchmarks;

import io.evenkeel.Endpoint;
import io.evenkeel.balancer.PolicyCatalog;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.load.EndpointLoad;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Picker;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.PolicyContext;
import io.evenkeel.policy.Rotation;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a new picker costs, when one endpoint has left and another has come, or none has. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH fills the fields
public class RebuildBenchmark {
  @Param({"ring_hash", "maglev", "rendezvous", "weighted_random"})
  public String policyName;

  @Param({"3", "100", "1000", "10000"})
  public int endpoints;

  private Policy policy;
  private Rotation[] rotations;
  private int next;

  @Setup
  public void setUp() {
    policy =
        PolicyCatalog.find(policyName)
            .orElseThrow()
            .configure(new ConfigReader(policyName, Map.of()))
            .newPolicy(new PolicyContext(new SplittableRandom(1), System::nanoTime));
    List<Fixed> fleet = IntStream.rangeClosed(0, endpoints).mapToObj(Fixed::number).toList();
    double[] weights = new double[endpoints];
    Arrays.fill(weights, 1);
    rotations =
        new Rotation[] {
          new Rotation(fleet.subList(0, endpoints), weights),
          new Rotation(fleet.subList(1, endpoints + 1), weights)
        };
  }

  @Benchmark
  public Picker changed() {
    return policy.newPicker(rotations[next++ & 1]);
  }

  @Benchmark
  public Picker unchanged() {
    return policy.newPicker(rotations[0]);
  }

  /** An endpoint that is always ready. */
  private record Fixed(Endpoint endpoint, EndpointLoad load, long identity) implements Candidate {
    static Fixed number(int number) {
      return new Fixed(
          Endpoint.of(InetSocketAddress.createUnresolved("10.0.0.1", number)),
          new EndpointLoad(),
          new SplittableRandom(number).nextLong() | 1);
    }

    @Override
    public boolean ready() {
      return true;
    }
  }
}
