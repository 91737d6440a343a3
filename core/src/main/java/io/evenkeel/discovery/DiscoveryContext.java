package io.evenkeel.discovery;

import io.grpc.NameResolver;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * What a discovery gets from the channel it works for, so that it needs no threads of its own and
 * tests can script its time and chance.
 *
 * @param offloadExecutor runs what may block; each task should end soon
 * @param scheduler runs timers; their tasks must not block
 * @param ticker nanoseconds of a clock that only runs forward
 * @param random uniform over 0 (inclusive) to 1 (exclusive)
 */
public record DiscoveryContext(
    Executor offloadExecutor,
    ScheduledExecutorService scheduler,
    LongSupplier ticker,
    DoubleSupplier random) {

  /** The executors of the channel that makes {@code args}; the system's time and chance. */
  public static DiscoveryContext of(NameResolver.Args args) {
    Executor offload = args.getOffloadExecutor();
    return new DiscoveryContext(
        offload == null ? ForkJoinPool.commonPool() : offload,
        args.getScheduledExecutorService(),
        System::nanoTime,
        () -> ThreadLocalRandom.current().nextDouble());
  }
}
