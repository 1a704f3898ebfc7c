// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.EnumMap;
import java.util.Map;

/// The dtypes that can be read. A new one is a line here.
public final class ScalarWeights {
  private static final Map<DType, WeightReader> READERS =
      new EnumMap<>(
          Map.of(
              DType.F32, PlainWeights::readF32,
              DType.F16, PlainWeights::readF16,
              DType.BF16, PlainWeights::readBf16,
              DType.Q8_0, Q8Weights::readQ8_0,
              DType.Q4_0, Q4Weights::readQ4_0));

  private ScalarWeights() {}

  /// Whether there is a reader for `dtype`.
  public static boolean isReadable(DType dtype) {
    return READERS.containsKey(dtype);
  }

  /// The reader of `dtype`.
  ///
  /// @throws IllegalArgumentException if there is none
  public static WeightReader of(DType dtype) {
    WeightReader reader = READERS.get(dtype);
    if (reader == null) {
      throw new IllegalArgumentException("no reader for %s weights".formatted(dtype));
    }
    return reader;
  }

  /// Row `row` of a table as floats.
  public static void readRow(TensorView table, int row, float[] y, int yOffset) {
    of(table.dtype()).read(table.data(), row * table.rowBytes(), table.shape().cols(), y, yOffset);
  }
}
