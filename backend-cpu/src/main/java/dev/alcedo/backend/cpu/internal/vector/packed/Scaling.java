// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.F;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.broadcast;
import static dev.alcedo.backend.cpu.internal.vector.packed.PackedLanes.sumOfHalves;

import jdk.incubator.vector.FloatVector;

/// From whole sums to floats: the second half of every product, in methods of its own because sums
/// and scales together are more vector operations than the JIT inlines in one.
final class Scaling {
  private Scaling() {}

  /// `y[t] += sum over i of sums[i][t] * scales[i] * xScales[t][i]` for one vector of weight rows
  /// and the [PackedTile#TOKENS] activation rows of a tile, which share the scales.
  ///
  /// @param step distance of the sums
  /// @param count blocks times parts
  /// @param parts scales per block
  /// @param stride distance of the scales
  /// @param next distance of the activation rows' sums
  /// @param xStride distance of their scales
  /// @param yStride distance of their results
  static void addTile(
      short[] sums,
      int so,
      int step,
      int next,
      int count,
      int parts,
      float[] scales,
      int wo,
      int stride,
      float[] xScales,
      int xo,
      int xStride,
      float[] y,
      int yo,
      int yStride) {
    FloatVector sum0 = FloatVector.fromArray(F, y, yo);
    FloatVector sum1 = FloatVector.fromArray(F, y, yo + yStride);
    FloatVector sum2 = FloatVector.fromArray(F, y, yo + 2 * yStride);
    FloatVector sum3 = FloatVector.fromArray(F, y, yo + 3 * yStride);
    for (int i = 0; i < count; i++) {
      FloatVector scale = FloatVector.fromArray(F, scales, wo + i * stride);
      int x = xo + i / parts;
      int s = so + i * step;
      sum0 = sumOfHalves(sums, s).fma(scale.mul(xScales[x]), sum0);
      sum1 = sumOfHalves(sums, s + next).fma(scale.mul(xScales[x + xStride]), sum1);
      sum2 = sumOfHalves(sums, s + 2 * next).fma(scale.mul(xScales[x + 2 * xStride]), sum2);
      sum3 = sumOfHalves(sums, s + 3 * next).fma(scale.mul(xScales[x + 3 * xStride]), sum3);
    }
    sum0.intoArray(y, yo);
    sum1.intoArray(y, yo + yStride);
    sum2.intoArray(y, yo + 2 * yStride);
    sum3.intoArray(y, yo + 3 * yStride);
  }

  /// `y[t] += sum over b of mins[b] * xSums[t][b]` for the activation rows of a tile.
  ///
  /// @param stride distance of the minima
  static void addMins(
      int count,
      float[] mins,
      int wo,
      int stride,
      float[] xSums,
      int xo,
      int xStride,
      float[] y,
      int yo,
      int yStride) {
    FloatVector sum0 = FloatVector.fromArray(F, y, yo);
    FloatVector sum1 = FloatVector.fromArray(F, y, yo + yStride);
    FloatVector sum2 = FloatVector.fromArray(F, y, yo + 2 * yStride);
    FloatVector sum3 = FloatVector.fromArray(F, y, yo + 3 * yStride);
    for (int b = 0; b < count; b++) {
      FloatVector min = FloatVector.fromArray(F, mins, wo + b * stride);
      int x = xo + b;
      sum0 = min.fma(broadcast(xSums[x]), sum0);
      sum1 = min.fma(broadcast(xSums[x + xStride]), sum1);
      sum2 = min.fma(broadcast(xSums[x + 2 * xStride]), sum2);
      sum3 = min.fma(broadcast(xSums[x + 3 * xStride]), sum3);
    }
    sum0.intoArray(y, yo);
    sum1.intoArray(y, yo + yStride);
    sum2.intoArray(y, yo + 2 * yStride);
    sum3.intoArray(y, yo + 3 * yStride);
  }
}
