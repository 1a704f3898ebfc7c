// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.runtime.api.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/// Weights of one dtype: read as floats, and multiplied where they are.
interface VectorWeights {
  /// The dtypes there are kernels for. A new one is a class and a line here.
  Map<DType, VectorWeights> ALL =
      new EnumMap<>(
          Map.of(
              DType.F32, new F32Weights(),
              DType.F16, new F16Weights(),
              DType.BF16, new Bf16Weights(),
              DType.Q8_0, new Q8Weights(),
              DType.Q4_0, new Q4Weights()));

  /// The kernels of `dtype`.
  static VectorWeights of(DType dtype) {
    VectorWeights weights = ALL.get(dtype);
    if (weights == null) {
      throw new IllegalArgumentException("no kernels for %s weights".formatted(dtype));
    }
    return weights;
  }

  /// Reads `count` elements, a whole number of quant blocks, from byte `offset` on.
  void read(MemorySegment data, long offset, int count, float[] y, int yOffset);

  /// The dot product of `count` elements, a whole number of quant blocks, with x.
  float dot(MemorySegment data, long offset, int count, float[] x, int xOffset);
}
