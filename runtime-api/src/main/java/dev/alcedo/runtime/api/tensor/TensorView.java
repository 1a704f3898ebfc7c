// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A contiguous row-major tensor in memory that someone else owns: mapped weights, a heap array, a
/// native buffer. Little-endian, as GGUF files are.
///
/// @param dtype element type
/// @param shape dimensions, outermost first; `shape.cols()` is a whole number of quant blocks
/// @param data exactly `dtype.bytes(shape.elementCount())` bytes
public record TensorView(DType dtype, Shape shape, MemorySegment data) {
  /// Little-endian 32-bit float without alignment demands.
  public static final ValueLayout.OfFloat F32_LE =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Little-endian 32-bit integer without alignment demands.
  public static final ValueLayout.OfInt I32_LE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Checks that the memory has the size that dtype and shape call for.
  ///
  /// @throws IllegalArgumentException if it has not, or a row is no whole number of quant blocks
  public TensorView {
    if (shape.cols() % dtype.blockLength() != 0) {
      throw new IllegalArgumentException(
          "row of a %s tensor: expected a multiple of %d elements, got %s"
              .formatted(dtype, dtype.blockLength(), shape));
    }
    long expected = dtype.bytes(shape.elementCount());
    if (data.byteSize() != expected) {
      throw new IllegalArgumentException(
          "memory of a %s tensor %s: expected %d bytes, got %d"
              .formatted(dtype, shape, expected, data.byteSize()));
    }
  }

  /// An F32 tensor over a heap array, which it does not copy.
  ///
  /// @throws IllegalArgumentException if the array's length is not the shape's element count
  public static TensorView ofFloats(float[] values, int... dims) {
    return new TensorView(DType.F32, Shape.of(dims), MemorySegment.ofArray(values));
  }

  /// An I32 tensor over a heap array, which it does not copy.
  ///
  /// @throws IllegalArgumentException if the array's length is not the shape's element count
  public static TensorView ofInts(int[] values, int... dims) {
    return new TensorView(DType.I32, Shape.of(dims), MemorySegment.ofArray(values));
  }

  /// Bytes of one innermost row.
  public long rowBytes() {
    return dtype.bytes(shape.cols());
  }

  /// Bytes in all.
  public long byteSize() {
    return data.byteSize();
  }

  /// All elements of an F32 tensor as a new array.
  ///
  /// @throws IllegalStateException if the dtype is not F32
  public float[] toFloats() {
    if (dtype != DType.F32) {
      throw new IllegalStateException("toFloats: expected an F32 tensor, got " + dtype);
    }
    var out = new float[Math.toIntExact(shape.elementCount())];
    MemorySegment.copy(data, F32_LE, 0, out, 0, out.length);
    return out;
  }
}
