// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tower;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Small matrices of a file as F32, for what graphs take as F32 only. Copies live as long as
/// someone holds them.
public final class Widened {
  private static final ValueLayout.OfShort I16_LE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long ALIGNMENT_BYTES = 64;

  private Widened() {}

  /// The tensor called `name`; the file's own memory if it is F32.
  ///
  /// @throws ModelFormatException if there is none, its shape is another, or it is not F32, F16 or
  ///   BF16
  public static TensorView of(ModelFile file, String name, int rows, int cols) {
    TensorView view = file.tensor(name, rows, cols);
    if (view.dtype() == DType.F32) {
      return view;
    }
    TensorView out = matrix(rows, cols);
    long count = view.shape().elementCount();
    for (long i = 0; i < count; i++) {
      set(out, i, get(file, name, view, i));
    }
    return out;
  }

  /// The tensor called `name` with rows and columns swapped.
  ///
  /// @param rows of the file's tensor
  /// @param cols of the file's tensor
  /// @throws ModelFormatException as [#of] does
  public static TensorView transposed(ModelFile file, String name, int rows, int cols) {
    TensorView view = file.tensor(name, rows, cols);
    TensorView out = matrix(cols, rows);
    for (int row = 0; row < rows; row++) {
      for (int col = 0; col < cols; col++) {
        set(out, (long) col * rows + row, get(file, name, view, (long) row * cols + col));
      }
    }
    return out;
  }

  private static TensorView matrix(int rows, int cols) {
    Shape shape = Shape.of(rows, cols);
    long bytes = DType.F32.bytes(shape.elementCount());
    MemorySegment data = Arena.ofAuto().allocate(bytes, ALIGNMENT_BYTES);
    return new TensorView(DType.F32, shape, data);
  }

  private static void set(TensorView out, long index, float value) {
    out.data().set(TensorView.F32_LE, index * Float.BYTES, value);
  }

  private static float get(ModelFile file, String name, TensorView view, long index) {
    return switch (view.dtype()) {
      case F32 -> view.data().get(TensorView.F32_LE, index * Float.BYTES);
      case F16 -> Float.float16ToFloat(view.data().get(I16_LE, index * Short.BYTES));
      case BF16 -> Float.intBitsToFloat(view.data().get(I16_LE, index * Short.BYTES) << 16);
      default ->
          throw new ModelFormatException(
              "%s: tensor '%s': expected F32, F16 or BF16, got %s"
                  .formatted(file.metadata().source(), name, view.dtype()));
    };
  }
}
