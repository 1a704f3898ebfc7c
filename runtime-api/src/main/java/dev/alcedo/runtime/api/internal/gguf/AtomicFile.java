// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// Writes a file so that there is never half of it under its name.
final class AtomicFile {
  /// Writes the content of a file.
  @FunctionalInterface
  interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  private AtomicFile() {}

  /// Writes `content`, of at least `bytesMin` bytes, to a new file beside `target`, brings it to
  /// the disk and renames it to `target`.
  static void write(Path target, long bytesMin, Content content) {
    Path absolute = target.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(absolute)) {
      throw new InvalidRequestException(
          "%s: cannot write the file: expected a file name in an existing folder"
              .formatted(target));
    }
    Path part = folder.resolve(".%s.%s.part".formatted(absolute.getFileName(), UUID.randomUUID()));
    try {
      requireRoom(target, folder, bytesMin);
      // Ctrl-C runs no `finally`; a file renamed away is no longer there to delete.
      part.toFile().deleteOnExit();
      try (var channel =
          FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new InvalidRequestException(
          "%s: cannot write the file: %s; check permissions and free space".formatted(target, e),
          e);
    } finally {
      delete(part);
    }
  }

  private static void requireRoom(Path target, Path folder, long bytesMin) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    if (bytesMin > free) {
      throw new ResourceExhaustedException(
          "%s: cannot write the file: expected at least %d free bytes on its disk, got %d"
              .formatted(target, bytesMin, free));
    }
  }

  private static void delete(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException _) {
      // Deleted at exit, or left under a name that says what it is; the first error matters more.
    }
  }
}
