// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What this process takes besides models.
final class ProcessMemory {
  /// Code that Java compiles, what its compiler takes for that, and heap that it lets grow while a
  /// model runs: 77 to 166 MiB in two runs of `examples/bluelm-v/memory`, whose models have 0.5 to
  /// 3 billion weights.
  private static final long GROWTH_BYTES = 128L << 20;

  /// Where the system does not say: a Java process that has just started.
  private static final long START_BYTES = 64L << 20;

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String ANONYMOUS = "RssAnon:";
  private static final String FILES = "RssFile:";

  private ProcessMemory() {}

  /// What it takes now, before a model is loaded, and what it will grow by.
  static long plannedBytes() {
    return GROWTH_BYTES + residentBytes();
  }

  private static long residentBytes() {
    try (var lines = Files.lines(STATUS)) {
      long kibibytes =
          lines
              .filter(l -> l.startsWith(ANONYMOUS) || l.startsWith(FILES))
              .mapToLong(l -> Long.parseLong(l.substring(l.indexOf(':') + 1).trim().split(" ")[0]))
              .sum();
      return kibibytes > 0 ? kibibytes << 10 : START_BYTES;
    } catch (IOException | RuntimeException _) {
      return START_BYTES;
    }
  }
}
