// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Everything that a GGUF file says, with tensor views of its mapped memory.
///
/// @param version 2 or 3
/// @param alignment bytes that every tensor's place is a multiple of
/// @param metadata its key/value pairs
/// @param pairs the same pairs as they lie in the file: type and value, by key
/// @param tensors its tensors by name, in file order
record GgufHeader(
    int version,
    int alignment,
    Metadata metadata,
    Map<String, MemorySegment> pairs,
    Map<String, TensorView> tensors) {
  static final long MAGIC = 0x46554747; // "GGUF"
  private static final int VERSION_MIN = 2;
  static final int VERSION_MAX = 3;

  /// Reads and checks a mapped file; `file` is its name, for messages.
  static GgufHeader read(String file, MemorySegment data) {
    return guarded(file, () -> readMapped(file, data));
  }

  /// The metadata alone, of a file whose tensors we cannot read.
  static Metadata readMetadata(String file, MemorySegment data) {
    return guarded(file, () -> start(file, data).metadata());
  }

  private static <T> T guarded(String file, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (InternalError e) {
      // How the JVM reports pages that vanished under a mapping.
      throw new ModelFormatException(
          "%s: the file became shorter or unreadable while it was read; copy it to a local disk"
                  .formatted(file)
              + " and let nothing change it",
          e);
    }
  }

  /// What stands before the tensor list, and the place behind it.
  private record Start(
      int version,
      int tensorCount,
      Metadata metadata,
      Map<String, MemorySegment> pairs,
      GgufCursor in) {}

  private static GgufHeader readMapped(String file, MemorySegment data) {
    Start start = start(file, data);
    int alignment = alignment(start.metadata());
    GgufCursor in = start.in();
    var entries = new GgufTensorReader(in, alignment).read(start.tensorCount());
    return new GgufHeader(
        start.version(),
        alignment,
        start.metadata(),
        start.pairs(),
        place(file, data, entries, align(in.position(), alignment)));
  }

  private static Start start(String file, MemorySegment data) {
    if (data.byteSize() == 0) {
      throw new ModelFormatException(
          "%s: not a GGUF file: expected 'GGUF' at byte 0, got an empty file; download it again"
              .formatted(file));
    }
    var in = new GgufCursor(file, data, GgufLimits.HEAP_BYTES_MAX);
    in.reading("magic");
    if (data.byteSize() < 4 || in.u32() != MAGIC) {
      throw ForeignFile.error(file, data);
    }
    int version = version(in);
    in.reading("tensor count");
    int tensorCount = (int) in.u64(0, GgufLimits.TENSOR_COUNT_MAX);
    in.reading("metadata count");
    int keyCount = (int) in.u64(0, GgufLimits.KEY_COUNT_MAX);
    var reader = new GgufMetadataReader(in);
    var metadata = new Metadata(file, reader.read(keyCount));
    Map<String, MemorySegment> pairs = LinkedHashMap.newLinkedHashMap(keyCount);
    reader
        .places()
        .forEach((key, place) -> pairs.put(key, data.asSlice(place.at(), place.bytes())));
    return new Start(version, tensorCount, metadata, pairs, in);
  }

  private static int version(GgufCursor in) {
    in.reading("version");
    long at = in.position();
    long version = in.u32();
    if (version >= VERSION_MIN && version <= VERSION_MAX) {
      return (int) version;
    }
    if (version == 0) {
      throw in.wrong(at, "2 or 3", "0");
    }
    String why;
    if ((version & 0xFFFF) == 0) {
      why = "is big-endian, and Alcedo reads little-endian files only; convert it again";
    } else if (version < VERSION_MIN) {
      why = "has the old GGUF version 1, and Alcedo reads 2 and 3; convert it again";
    } else {
      why =
          "has GGUF version %d, and Alcedo reads 2 and 3; update Alcedo or convert it again"
              .formatted(version);
    }
    throw new UnsupportedModelException("%s: the file %s".formatted(in.file(), why));
  }

  private static int alignment(Metadata metadata) {
    String key = GgufMetadataReader.ALIGNMENT_KEY;
    int alignment =
        metadata.integer(
            key, GgufLimits.ALIGNMENT_MIN, GgufLimits.ALIGNMENT_MAX, GgufLimits.ALIGNMENT_DEFAULT);
    if (Integer.bitCount(alignment) != 1) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected a power of two, got %d"
              .formatted(metadata.source(), key, alignment));
    }
    return alignment;
  }

  private static long align(long offset, int alignment) {
    return Math.addExact(offset, alignment - 1L) & -alignment;
  }

  private static Map<String, TensorView> place(
      String file, MemorySegment data, List<GgufTensorReader.Entry> entries, long dataOffset) {
    requireInside(file, data.byteSize(), entries, dataOffset);
    Map<String, TensorView> tensors = LinkedHashMap.newLinkedHashMap(entries.size());
    for (var entry : entries) {
      MemorySegment slice = data.asSlice(dataOffset + entry.offset(), entry.bytes());
      tensors.put(entry.name(), new TensorView(entry.dtype(), entry.shape(), slice));
    }
    return tensors;
  }

  /// Looks at all tensors before it complains: the one that ends last says how much is missing.
  private static void requireInside(
      String file, long fileBytes, List<GgufTensorReader.Entry> entries, long dataOffset) {
    long endMax = 0;
    GgufTensorReader.Entry last = null;
    for (var entry : entries) {
      long end;
      try {
        end = Math.addExact(Math.addExact(dataOffset, entry.offset()), entry.bytes());
      } catch (ArithmeticException _) {
        throw new ModelFormatException(
            "%s: tensor %s: expected data inside the file's %d bytes, got offset %d and size %d"
                .formatted(
                    file, Quoted.of(entry.name()), fileBytes, entry.offset(), entry.bytes()));
      }
      if (end > endMax) {
        endMax = end;
        last = entry;
      }
    }
    if (last != null && endMax > fileBytes) {
      throw new ModelFormatException(
          ("%s: data of tensor %s: expected a file of at least %d bytes, got %d: the file ends %d"
                  + " bytes too early; the download is probably incomplete, fetch the file again")
              .formatted(file, Quoted.of(last.name()), endMax, fileBytes, endMax - fileBytes));
    }
  }
}
