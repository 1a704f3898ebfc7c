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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// An open GGUF file, version 2 or 3, little-endian, mapped read-only (GGUF specification,
/// `ggml/docs/gguf.md`), or a model that is split into several. Opening reads and checks the
/// header; tensor data is paged in on use. Readable by any thread; closing unmaps it, after which
/// tensor memory throws [IllegalStateException].
public final class GgufFile implements ModelFile {
  private final Path path;
  private final Arena arena;
  private final List<Path> parts;
  private final GgufHeader header;
  private final Metadata metadata;
  private final Map<String, TensorView> tensors;
  private final long fileBytes;

  private GgufFile(Path path, Arena arena, List<Part> parts) {
    this.path = path;
    this.arena = arena;
    this.parts = parts.stream().map(Part::path).toList();
    this.header = parts.getFirst().header();
    this.metadata = header.metadata();
    this.tensors =
        Collections.unmodifiableMap(
            parts.size() == 1
                ? header.tensors()
                : SplitRules.merge(parts.stream().map(Part::header).toList()));
    this.fileBytes = parts.stream().mapToLong(Part::bytes).sum();
  }

  private record Part(Path path, GgufHeader header, long bytes) {
    static Part open(Path path, Arena arena) {
      requireRegularFile(path);
      MemorySegment data = map(path, arena);
      return new Part(
          path, GgufHeader.read(String.valueOf(path.getFileName()), data), data.byteSize());
    }
  }

  /// Opens and checks a file, and of a split model all parts, whichever is given (llama.cpp wants
  /// the first); the caller closes it. Metadata is that of the first part.
  ///
  /// @throws InvalidRequestException if there is no readable regular file at `path`
  /// @throws ModelFormatException if it is no GGUF file, or a broken one, or a part of its model is
  ///   missing or another's
  /// @throws UnsupportedModelException if it is a GGUF file of a version, byte order or element
  ///   type that we do not read
  public static GgufFile open(Path path) {
    var arena = Arena.ofShared();
    try {
      return new GgufFile(path, arena, parts(Part.open(path, arena), arena));
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

  private static List<Part> parts(Part given, Arena arena) {
    Metadata metadata = given.header().metadata();
    int count = SplitNames.count(metadata);
    if (count == 1) {
      return List.of(given);
    }
    SplitNames names = SplitNames.of(given.path(), metadata);
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path path = names.path(i);
      boolean isGiven = i == metadata.integer(SplitNames.NUMBER_KEY, 0, count - 1);
      if (!isGiven && Files.notExists(path)) {
        throw new ModelFormatException(
            "%s: part %d of %d of the split model is missing: expected it at %s; fetch it too"
                .formatted(metadata.source(), i + 1, count, path));
      }
      Part part = isGiven ? given : Part.open(path, arena);
      SplitRules.requirePart(part.header(), i, count);
      parts.add(part);
    }
    return parts;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  /// The files that it is in: one, or the parts of a split model.
  public List<Path> parts() {
    return parts;
  }

  /// Size of all of them.
  public long fileBytes() {
    return fileBytes;
  }

  /// The key/value pairs as they lie in the file, type and value, in file order; mapped memory.
  public Map<String, MemorySegment> pairs() {
    return Collections.unmodifiableMap(header.pairs());
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
