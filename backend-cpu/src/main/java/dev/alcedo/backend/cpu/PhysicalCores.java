// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How many cores this process may keep busy. Hardware threads that share a core are counted once:
/// vector units are the core's, and a second thread on them waits for the first.
///
/// Linux tells which processors share a core, and which of them this process may run on. What a
/// container may use at most (cgroup quota) Java takes into account in its own count, which is also
/// the answer elsewhere.
final class PhysicalCores {
  private static final Path PROCESSORS = Path.of("/sys/devices/system/cpu");
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern ALLOWED = Pattern.compile("(?m)^Cpus_allowed_list:\\s*(\\S+)");
  private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

  private PhysicalCores() {}

  /// Cores of this process, at least 1.
  static int count() {
    return count(PROCESSORS, STATUS, Runtime.getRuntime().availableProcessors());
  }

  /// The same from given files.
  ///
  /// @param processors folder with a folder `cpuN/topology` for each processor
  /// @param status file with the line `Cpus_allowed_list`
  /// @param processorCount hardware threads that Java would use; the answer is never higher
  static int count(Path processors, Path status, int processorCount) {
    try {
      Matcher allowed = ALLOWED.matcher(Files.readString(status));
      if (!allowed.find()) {
        return processorCount;
      }
      Set<BitSet> cores = new HashSet<>();
      for (int processor : list(allowed.group(1)).stream().toArray()) {
        Path siblings =
            processors.resolve("cpu%d/topology/thread_siblings_list".formatted(processor));
        cores.add(list(Files.readString(siblings).strip()));
      }
      return Math.clamp(cores.size(), 1, processorCount);
    } catch (IOException | IllegalArgumentException e) {
      return processorCount; // no Linux, or one that hides this
    }
  }

  /// Numbers as Linux lists them, e.g. `0-3,8`.
  ///
  /// @throws IllegalArgumentException if it is no such list
  static BitSet list(String text) {
    var numbers = new BitSet();
    for (String part : text.split(",", -1)) {
      Matcher range = RANGE.matcher(part);
      int first = range.matches() ? Integer.parseInt(range.group(1)) : 0;
      int last =
          !range.matches() ? -1 : range.group(2) == null ? first : Integer.parseInt(range.group(2));
      if (last < first) {
        throw new IllegalArgumentException("expected numbers and ranges, got '%s'".formatted(text));
      }
      numbers.set(first, last + 1);
    }
    return numbers;
  }
}
