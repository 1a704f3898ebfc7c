// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How large this process is, pages of mapped files included: as Linux counts it, elsewhere the
/// Java heap, a lower bound.
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ResidentMemory() {}

  /// Bytes now.
  public static long bytes() {
    return bytes("VmRSS:");
  }

  /// Bytes when it was largest.
  public static long peakBytes() {
    return bytes("VmHWM:");
  }

  private static long bytes(String key) {
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> kibibytes(line.substring(key.length())) << 10)
          .findFirst()
          .orElseGet(ResidentMemory::heapBytes);
    } catch (IOException e) {
      return heapBytes();
    }
  }

  private static long kibibytes(String value) {
    return Long.parseLong(value.replace("kB", "").strip());
  }

  private static long heapBytes() {
    return Runtime.getRuntime().totalMemory();
  }
}
