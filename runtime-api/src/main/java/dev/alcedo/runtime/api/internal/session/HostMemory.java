// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.ResourceExhaustedException;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    return availableBytes(MEMINFO);
  }

  /// The same from a file in the format of `/proc/meminfo`.
  static OptionalLong availableBytes(Path meminfo) {
    if (!Files.isReadable(meminfo)) {
      return OptionalLong.empty();
    }
    try (var lines = Files.lines(meminfo)) {
      return lines
          .filter(l -> l.startsWith(AVAILABLE))
          .map(l -> l.substring(AVAILABLE.length()).trim().split(" ")[0])
          .mapToLong(kib -> Long.parseLong(kib) << 10)
          .findFirst();
    } catch (IOException | UncheckedIOException | NumberFormatException _) {
      return OptionalLong.empty();
    }
  }

  /// Refuses what cannot fit.
  ///
  /// @throws ResourceExhaustedException if `bytes` exceed what is available
  static void require(String what, long bytes, String remedy) {
    require(what, bytes, remedy, availableBytes());
  }

  static void require(String what, long bytes, String remedy, OptionalLong available) {
    if (available.isPresent() && bytes > available.getAsLong()) {
      throw ResourceExhaustedException.ofMemory(
          "%s needs %s, %s are available: %s"
              .formatted(what, mebibytes(bytes), mebibytes(available.getAsLong()), remedy),
          null);
    }
  }

  private static String mebibytes(long bytes) {
    return "%d MiB".formatted(Math.ceilDiv(bytes, 1L << 20));
  }
}
