package io.evenkeel.testkit;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Threads and open files of this process at one moment; compare two to see what a test left behind.
 *
 * @param threads live threads by name, digits left out
 * @param files open file descriptors, 0 where the system does not tell
 */
public record Leftovers(Map<String, Integer> threads, long files) {

  /** What there is now. */
  public static Leftovers now() {
    Map<String, Integer> threads = new TreeMap<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      threads.merge(thread.getName().replaceAll("\\d+", "#"), 1, Integer::sum);
    }
    return new Leftovers(threads, openFiles());
  }

  /** Waits until no thread whose name contains {@code threadName}, and no file, is left over. */
  public void awaitNoMore(String threadName, Duration bound) throws Exception {
    Await.until(
        bound,
        Leftovers::now,
        now -> now.count(threadName) <= count(threadName) && now.files <= files);
  }

  /** How many threads have a name that contains {@code threadName}. */
  public int count(String threadName) {
    return threads.entrySet().stream()
        .filter(each -> each.getKey().contains(threadName))
        .mapToInt(each -> each.getValue())
        .sum();
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }
}
