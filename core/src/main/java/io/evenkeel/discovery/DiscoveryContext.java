package io.evenkeel.discovery;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * What a discovery works with, so that it needs no threads of its own and tests can script its time
 * and chance. All discoveries of a process share the threads.
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
    DoubleSupplier random) {}
