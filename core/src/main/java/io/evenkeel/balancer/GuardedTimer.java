package io.evenkeel.balancer;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.evenkeel.policy.PolicyTimer;
import io.grpc.ChannelLogger.ChannelLogLevel;
import io.grpc.LoadBalancer.Helper;
import io.grpc.SynchronizationContext.ScheduledHandle;

/**
 * The channel's timer, for policies. What a task throws is logged: out of the synchronization
 * context it would end the channel. Thread-safe.
 */
record GuardedTimer(Helper helper) implements PolicyTimer {

  @Override
  public ScheduledHandle schedule(Runnable task, long delayNanos) {
    return helper
        .getSynchronizationContext()
        .schedule(() -> run(task), delayNanos, NANOSECONDS, helper.getScheduledExecutorService());
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable thrown) {
      helper
          .getChannelLogger()
          .log(ChannelLogLevel.ERROR, "a timer of the policy throws: {0}", thrown);
    }
  }
}
