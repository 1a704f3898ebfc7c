// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import static java.util.Map.entry;

import dev.alcedo.runtime.api.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/// Weights of one dtype, read as floats. Those of [DotWeights] are also multiplied where they are.
interface VectorWeights {
  /// The dtypes there are kernels for. A new one is a class and a line here.
  Map<DType, VectorWeights> ALL =
      new EnumMap<>(
          Map.ofEntries(
              entry(DType.F32, new F32Weights()),
              entry(DType.F16, new F16Weights()),
              entry(DType.BF16, new Bf16Weights()),
              entry(DType.Q8_0, new Q8Weights()),
              entry(DType.Q4_0, new Q4Weights()),
              entry(DType.Q6_K, new Q6KWeights()),
              entry(DType.Q4_1, new WidenedWeights(DType.Q4_1)),
              entry(DType.Q5_0, new WidenedWeights(DType.Q5_0)),
              entry(DType.Q5_1, new WidenedWeights(DType.Q5_1)),
              entry(DType.Q2_K, new Q2KWeights()),
              entry(DType.Q3_K, new Q3KWeights()),
              entry(DType.Q4_K, new WidenedWeights(DType.Q4_K)),
              entry(DType.Q5_K, new WidenedWeights(DType.Q5_K)),
              entry(DType.IQ4_NL, lookup(LookupWeights.iq4Nl(), DType.IQ4_NL)),
              entry(DType.IQ4_XS, lookup(LookupWeights.iq4Xs(), DType.IQ4_XS)),
              entry(DType.MXFP4, lookup(LookupWeights.mxfp4(), DType.MXFP4))));

  private static VectorWeights lookup(LookupWeights weights, DType dtype) {
    return Lanes.LENGTH > 4 ? weights : new WidenedWeights(dtype);
  }

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
}
