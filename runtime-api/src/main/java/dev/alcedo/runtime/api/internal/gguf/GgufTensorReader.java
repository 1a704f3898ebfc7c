// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads the tensor entries of a GGUF file: names, shapes, types and places. Whether the places lie
/// inside the file is for [GgufFile] to say, which knows where the data begins.
final class GgufTensorReader {
  private static final int ENTRY_BYTES_MIN = 8 + 1 + 4 + 8 + 4 + 8;
  private static final int ENTRY_OVERHEAD_BYTES = 400;

  private final GgufCursor in;
  private final int alignment;

  /// Entry of one tensor.
  ///
  /// @param name unique in its file
  /// @param dtype element type
  /// @param shape outermost first
  /// @param offset bytes from the start of the data section, a multiple of the alignment
  /// @param bytes size of the data
  record Entry(String name, DType dtype, Shape shape, long offset, long bytes) {}

  GgufTensorReader(GgufCursor in, int alignment) {
    this.in = in;
    this.alignment = alignment;
  }

  /// The next `count` entries.
  List<Entry> read(int count) {
    in.reading("tensor list");
    in.require(count, ENTRY_BYTES_MIN);
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < count; i++) {
      in.readingEntry("name of tensor", i, count);
      in.charge(ENTRY_OVERHEAD_BYTES);
      long at = in.position();
      String name = in.name(GgufLimits.NAME_BYTES_MAX);
      if (!names.add(name)) {
        throw in.wrong(at, "every tensor once", Quoted.of(name) + " twice");
      }
      entries.add(entry(name));
    }
    return entries;
  }

  private Entry entry(String name) {
    long shapeAt = in.position();
    Shape shape = shape(name);
    DType dtype = dtype(name);
    in.reading("shape of tensor", name);
    if (shape.cols() % dtype.blockLength() != 0) {
      throw in.wrong(
          shapeAt,
          "rows of a multiple of %d elements for %s".formatted(dtype.blockLength(), dtype),
          "rows of " + shape.cols());
    }
    long bytes;
    try {
      bytes = dtype.bytes(shape.elementCount());
    } catch (ArithmeticException _) {
      throw in.wrong(shapeAt, "a size below 2^63 bytes", "%s of %s".formatted(dtype, shape));
    }
    in.reading("offset of tensor", name);
    long offsetAt = in.position();
    long offset = in.u64();
    if (offset % alignment != 0) {
      throw in.wrong(offsetAt, "a multiple of " + alignment, Long.toString(offset));
    }
    return new Entry(name, dtype, shape, offset, bytes);
  }

  private Shape shape(String name) {
    in.reading("dimension count of tensor", name);
    long at = in.position();
    long rank = in.u32();
    if (rank < 1 || rank > GgufLimits.RANK_MAX) {
      throw in.wrong(at, "1 to " + GgufLimits.RANK_MAX, Long.toString(rank));
    }
    in.reading("dimensions of tensor", name);
    var dims = new int[(int) rank];
    // ggml lists the innermost dimension first.
    for (int i = dims.length - 1; i >= 0; i--) {
      dims[i] = (int) in.u64(1, Integer.MAX_VALUE);
    }
    try {
      return Shape.of(dims);
    } catch (ArithmeticException _) {
      throw in.wrong(at, "fewer than 2^63 elements", Arrays.toString(dims));
    }
  }

  private DType dtype(String name) {
    in.reading("element type of tensor", name);
    long id = in.u32();
    return DType.ofGgmlId(id).orElseThrow(() -> unknownType(name, id));
  }

  private UnsupportedModelException unknownType(String name, long id) {
    String known =
        Arrays.stream(DType.values())
            .map(dtype -> "%s (%d)".formatted(dtype, dtype.ggmlId()))
            .collect(Collectors.joining(", "));
    return new UnsupportedModelException(
        ("%s: tensor %s has element type %d, which Alcedo does not know; use a file with one of %s")
            .formatted(in.file(), Quoted.of(name), id, known));
  }
}
