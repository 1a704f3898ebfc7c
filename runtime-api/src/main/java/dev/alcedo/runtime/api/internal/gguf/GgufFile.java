// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;

/// An open GGUF file, version 2 or 3, little-endian, mapped read-only (GGUF specification,
/// `ggml/docs/gguf.md`). Opening reads and checks the header; tensor data is paged in on use.
/// Readable by any thread; closing unmaps it, after which tensor memory throws
/// [IllegalStateException].
public final class GgufFile implements ModelFile {
  private final Path path;
  private final Arena arena;
  private final GgufHeader header;
  private final Metadata metadata;
  private final Map<String, TensorView> tensors;

  private GgufFile(Path path, Arena arena, GgufHeader header) {
    this.path = path;
    this.arena = arena;
    this.header = header;
    this.metadata = header.metadata();
    this.tensors = Collections.unmodifiableMap(header.tensors());
  }

  /// Opens and checks a file; the caller closes it.
  ///
  /// @throws InvalidRequestException if there is no readable regular file at `path`
  /// @throws ModelFormatException if it is no GGUF file, or a broken one
  /// @throws UnsupportedModelException if it is a GGUF file of a version, byte order or element
  ///   type that we do not read, or one part of several
  public static GgufFile open(Path path) {
    requireRegularFile(path);
    var arena = Arena.ofShared();
    try {
      String name = String.valueOf(path.getFileName());
      return new GgufFile(path, arena, GgufHeader.read(name, map(path, arena)));
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /// The metadata of a file alone, even if its tensors are not for us.
  ///
  /// @throws InvalidRequestException if there is no readable regular file at `path`
  /// @throws ModelFormatException if it is no GGUF file, or its metadata are broken
  /// @throws UnsupportedModelException if it is of a version or byte order that we do not read
  public static Metadata readMetadata(Path path) {
    requireRegularFile(path);
    try (var arena = Arena.ofShared()) {
      return GgufHeader.readMetadata(String.valueOf(path.getFileName()), map(path, arena));
    }
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  /// Version of the format, 2 or 3.
  public int version() {
    return header.version();
  }

  /// Bytes that every tensor's place is a multiple of.
  public int alignment() {
    return header.alignment();
  }

  @Override
  public Map<String, TensorView> tensors() {
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException("%s is closed".formatted(path));
    }
    return tensors;
  }

  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private static void requireRegularFile(Path path) {
    // Asked first: opening a pipe would wait for its writer, and a device may have no end.
    if (Files.isRegularFile(path)) {
      return;
    }
    String got =
        Files.isDirectory(path)
            ? "a directory; give the .gguf file in it"
            : Files.exists(path)
                ? "something else (a device or pipe); copy it to a file first"
                : Files.notExists(path)
                    ? "nothing there; check the path, or download the model first"
                    : "no permission to look; change the permissions of its folder";
    throw new InvalidRequestException(
        "%s: cannot open the model: expected a GGUF file, got %s".formatted(path, got));
  }

  private static MemorySegment map(Path path, Arena arena) {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (AccessDeniedException e) {
      throw new InvalidRequestException(
          "%s: cannot open the model: no permission to read it; change its permissions or owner"
              .formatted(path),
          e);
    } catch (IOException e) {
      throw new InvalidRequestException(
          "%s: cannot open the model: %s; check the disk and the free address space"
              .formatted(path, e.getMessage()),
          e);
    }
  }
}
