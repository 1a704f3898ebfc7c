// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bench;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Predicate;

/// The threads that compute in this process, told by their names: how many there are, and how much
/// Java heap they allocate.
final class EngineThreads {
  private static final String ENGINE = "alcedo-engine-";
  private static final String WORKER = "alcedo-cpu-";

  private EngineThreads() {}

  /// Threads that share the CPU backend's work, the caller's included.
  static int count() {
    return 1 + ids(name -> name.startsWith(WORKER)).length;
  }

  /// Bytes that engine and workers have allocated since they started; -1 where this Java does not
  /// count them.
  static long allocatedBytes() {
    if (!(ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean bean)
        || !bean.isThreadAllocatedMemorySupported()
        || !bean.isThreadAllocatedMemoryEnabled()) {
      return -1;
    }
    long[] ids = ids(name -> name.startsWith(ENGINE) || name.startsWith(WORKER));
    // A thread that has ended since has -1.
    return Arrays.stream(bean.getThreadAllocatedBytes(ids)).filter(bytes -> bytes > 0).sum();
  }

  private static long[] ids(Predicate<String> isWanted) {
    var bean = ManagementFactory.getThreadMXBean();
    return Arrays.stream(bean.getThreadInfo(bean.getAllThreadIds()))
        .filter(Objects::nonNull) // ended meanwhile
        .filter(info -> isWanted.test(info.getThreadName()))
        .mapToLong(info -> info.getThreadId())
        .toArray();
  }
}
