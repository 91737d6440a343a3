package io.evenkeel.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class LoadSumTest {
  private final LoadSum sum = new LoadSum();
  private final EndpointLoad load = new EndpointLoad();

  @Test
  void joinSum_never_addsNothing() {
    start();

    assertThat(sum.inFlight()).isZero();
    assertThat(load.inFlight()).isEqualTo(1);
  }

  @Test
  void joinSum_withCallsInFlight_bringsThem() {
    ClientStreamTracer before = start();
    load.joinSum(sum);
    start();

    assertThat(sum.inFlight()).isEqualTo(2);
    before.streamClosed(Status.OK);
    assertThat(sum.inFlight()).isEqualTo(1);
    assertThat(load.inFlight()).isEqualTo(1);
  }

  @Test
  void joinSum_twice_countsOnce() {
    start();

    load.joinSum(sum);
    load.joinSum(sum);

    assertThat(sum.inFlight()).isEqualTo(1);
  }

  @Test
  void leaveSum_withCallsInFlight_takesThemAlong() {
    load.joinSum(sum);
    ClientStreamTracer running = start();

    load.leaveSum(sum);
    load.leaveSum(sum);

    assertThat(sum.inFlight()).isZero();
    running.streamClosed(Status.OK);
    assertThat(sum.inFlight()).isZero();
    assertThat(load.inFlight()).isZero();
  }

  @Test
  void joinSum_anotherSum_leavesTheFirst() {
    LoadSum other = new LoadSum();
    load.joinSum(sum);
    ClientStreamTracer running = start();

    load.joinSum(other);
    load.leaveSum(sum);
    start();

    assertThat(sum.inFlight()).isZero();
    assertThat(other.inFlight()).isEqualTo(2);
    running.streamClosed(Status.OK);
    assertThat(other.inFlight()).isEqualTo(1);
  }

  @Test
  void connectionLost_callsOfTheConnection_leaveTheSum() {
    load.joinSum(sum);
    start();

    load.connectionLost();

    assertThat(sum.inFlight()).isZero();
  }

  @Test
  void joinSum_whileCallsComeAndGo_losesNone() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    List<ClientStreamTracer> running = new ArrayList<>();
    try {
      List<Future<ClientStreamTracer>> all = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        all.add(pool.submit(this::startAndEndMany));
      }
      for (int i = 0; i < 100_000; i++) {
        load.joinSum(sum);
        load.leaveSum(sum);
      }
      load.joinSum(sum);
      for (Future<ClientStreamTracer> one : all) {
        running.add(one.get());
      }
    } finally {
      pool.shutdownNow();
    }

    assertThat(sum.inFlight()).isEqualTo(4);
    running.forEach(tracer -> tracer.streamClosed(Status.OK));
    assertThat(sum.inFlight()).isZero();
  }

  private ClientStreamTracer startAndEndMany() {
    for (int i = 0; i < 50_000; i++) {
      start().streamClosed(Status.OK);
    }
    return start();
  }

  private ClientStreamTracer start() {
    return load.newClientStreamTracer(StreamInfo.newBuilder().build(), new Metadata());
  }
}
