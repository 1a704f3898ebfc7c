// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.ResourceExhaustedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// What memory this machine has left, where it says so.
final class HostMemory {
  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final String AVAILABLE = "MemAvailable:";

  private HostMemory() {}

  /// Bytes that can be taken without swapping; empty where the system does not say.
  static OptionalLong availableBytes() {
    if (!Files.isReadable(MEMINFO)) {
      return OptionalLong.empty();
    }
    try (var lines = Files.lines(MEMINFO)) {
      return lines
          .filter(l -> l.startsWith(AVAILABLE))
          .map(l -> l.substring(AVAILABLE.length()).trim().split(" ")[0])
          .mapToLong(kib -> Long.parseLong(kib) << 10)
          .findFirst();
    } catch (IOException | NumberFormatException _) {
      return OptionalLong.empty();
    }
  }

  /// Refuses what cannot fit.
  ///
  /// @throws ResourceExhaustedException if `bytes` exceed what is available
  static void require(String what, long bytes, String remedy) {
    OptionalLong available = availableBytes();
    if (available.isPresent() && bytes > available.getAsLong()) {
      throw new ResourceExhaustedException(
          "%s needs %s, %s are available: %s"
              .formatted(what, mebibytes(bytes), mebibytes(available.getAsLong()), remedy));
    }
  }

  private static String mebibytes(long bytes) {
    return "%d MiB".formatted(bytes >> 20);
  }
}
