// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How large this process was at its largest.
public final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String KEY = "VmHWM:";

  private PeakMemory() {}

  /// Peak resident bytes as Linux counts them; elsewhere the Java heap, a lower bound.
  public static long bytes() {
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(KEY))
          .mapToLong(PeakMemory::kibibytes)
          .map(kib -> kib << 10)
          .findFirst()
          .orElseGet(PeakMemory::heapBytes);
    } catch (IOException e) {
      return heapBytes();
    }
  }

  private static long kibibytes(String line) {
    return Long.parseLong(line.substring(KEY.length()).replace("kB", "").strip());
  }

  private static long heapBytes() {
    return Runtime.getRuntime().totalMemory();
  }
}
