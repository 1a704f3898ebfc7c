// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/// BF16 weights.
final class Bf16Weights implements DotWeights {
  @Override
  public void read(MemorySegment data, long offset, int count, float[] y, int yOffset) {
    int i = 0;
    for (; i <= count - Lanes.LENGTH; i += Lanes.LENGTH) {
      Lanes.bf16(data, offset + 2L * i).intoArray(y, yOffset + i);
    }
    for (; i < count; i++) {
      y[yOffset + i] = element(data, offset + 2L * i);
    }
  }

  @Override
  public float dot(MemorySegment data, long offset, int count, float[] x, int xOffset) {
    FloatVector a = FloatVector.zero(Lanes.F);
    FloatVector b = a;
    int i = 0;
    for (; i <= count - 2 * Lanes.LENGTH; i += 2 * Lanes.LENGTH) {
      a = Lanes.bf16(data, offset + 2L * i).fma(Lanes.load(x, xOffset + i), a);
      b =
          Lanes.bf16(data, offset + 2L * (i + Lanes.LENGTH))
              .fma(Lanes.load(x, xOffset + i + Lanes.LENGTH), b);
    }
    float sum = Lanes.sum(a.add(b));
    for (; i < count; i++) {
      sum += element(data, offset + 2L * i) * x[xOffset + i];
    }
    return sum;
  }

  private static float element(MemorySegment data, long offset) {
    return Float.intBitsToFloat(data.get(Lanes.U16_LE, offset) << 16);
  }
}
