// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import static java.util.Map.entry;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.EnumMap;
import java.util.Map;

/// The dtypes that can be read. A new one is a line here.
public final class ScalarWeights {
  private static final Map<DType, WeightReader> READERS =
      new EnumMap<>(
          Map.ofEntries(
              entry(DType.F32, PlainWeights::readF32),
              entry(DType.F16, PlainWeights::readF16),
              entry(DType.BF16, PlainWeights::readBf16),
              entry(DType.Q8_0, Q8Weights::readQ8_0),
              entry(DType.Q4_0, Q4Weights::readQ4_0),
              entry(DType.Q4_1, OffsetWeights::readQ4_1),
              entry(DType.Q5_0, OffsetWeights::readQ5_0),
              entry(DType.Q5_1, OffsetWeights::readQ5_1),
              entry(DType.Q2_K, KQuantWeights::readQ2_K),
              entry(DType.Q3_K, KQuantWeights::readQ3_K),
              entry(DType.Q4_K, KQuantWeights::readQ4_K),
              entry(DType.Q5_K, KQuantWeights::readQ5_K),
              entry(DType.Q6_K, Q6KWeights::readQ6_K),
              entry(DType.IQ4_NL, TableWeights::readIq4Nl),
              entry(DType.IQ4_XS, TableWeights::readIq4Xs),
              entry(DType.MXFP4, TableWeights::readMxfp4)));

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
