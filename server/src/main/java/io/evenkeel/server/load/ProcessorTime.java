package io.evenkeel.server.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The processors' time that this process takes.
 *
 * <p>Of the process rather than of the machine: with its calls per second it tells what a call
 * costs here, also when several servers share a machine. Of two that did, the machine's load would
 * say that whoever has more calls can take yet more.
 */
interface ProcessorTime {

  /** Time that all threads together have run so far; does not grow where it is not known. */
  long busyNanos();

  /** How many processors there are for it now. */
  int processors();

  static ProcessorTime ofThisProcess() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? new Measured(system)
        : new Unknown();
  }

  /** By the operating system's account, within a container by its limits. */
  record Measured(OperatingSystemMXBean system) implements ProcessorTime {
    @Override
    public long busyNanos() {
      return Math.max(0, system.getProcessCpuTime());
    }

    @Override
    public int processors() {
      return Runtime.getRuntime().availableProcessors();
    }
  }

  /** On a JVM that does not say. */
  record Unknown() implements ProcessorTime {
    @Override
    public long busyNanos() {
      return 0;
    }

    @Override
    public int processors() {
      return 1;
    }
  }
}
