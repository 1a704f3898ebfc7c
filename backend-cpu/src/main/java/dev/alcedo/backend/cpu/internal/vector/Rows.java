// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import static dev.alcedo.backend.cpu.internal.vector.Lanes.LENGTH;
import static dev.alcedo.backend.cpu.internal.vector.Lanes.load;

import dev.alcedo.backend.cpu.internal.scalar.ScalarLinear;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Sums, products, maxima and means of rows.
final class Rows {
  private Rows() {}

  static void add(float[] a, int ao, float[] b, int bo, float[] y, int yo, int length) {
    int i = 0;
    for (; i <= length - LENGTH; i += LENGTH) {
      load(a, ao + i).add(load(b, bo + i)).intoArray(y, yo + i);
    }
    for (; i < length; i++) {
      y[yo + i] = a[ao + i] + b[bo + i];
    }
  }

  static void mul(float[] a, int ao, float[] b, int bo, float[] y, int yo, int length) {
    int i = 0;
    for (; i <= length - LENGTH; i += LENGTH) {
      load(a, ao + i).mul(load(b, bo + i)).intoArray(y, yo + i);
    }
    for (; i < length; i++) {
      y[yo + i] = a[ao + i] * b[bo + i];
    }
  }

  static void scale(float factor, float[] x, int xo, float[] y, int yo, int length) {
    int i = 0;
    for (; i <= length - LENGTH; i += LENGTH) {
      load(x, xo + i).mul(factor).intoArray(y, yo + i);
    }
    for (; i < length; i++) {
      y[yo + i] = factor * x[xo + i];
    }
  }

  /// Four sums side by side hide the latency of the additions.
  static float dot(float[] a, int ao, float[] b, int bo, int length) {
    FloatVector s0 = FloatVector.zero(Lanes.F);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= length - 4 * LENGTH; i += 4 * LENGTH) {
      s0 = load(a, ao + i).fma(load(b, bo + i), s0);
      s1 = load(a, ao + i + LENGTH).fma(load(b, bo + i + LENGTH), s1);
      s2 = load(a, ao + i + 2 * LENGTH).fma(load(b, bo + i + 2 * LENGTH), s2);
      s3 = load(a, ao + i + 3 * LENGTH).fma(load(b, bo + i + 3 * LENGTH), s3);
    }
    for (; i <= length - LENGTH; i += LENGTH) {
      s0 = load(a, ao + i).fma(load(b, bo + i), s0);
    }
    float sum = Lanes.sum(s0.add(s1).add(s2.add(s3)));
    for (; i < length; i++) {
      sum += a[ao + i] * b[bo + i];
    }
    return sum;
  }

  /// To the nearest number of 8 significant bits, ties to even; NaNs stay NaNs. Like
  /// [ScalarLinear], bit for bit.
  static void roundToBf16(float[] x, int xo, float[] y, int yo, int length) {
    int i = 0;
    for (; i <= length - LENGTH; i += LENGTH) {
      FloatVector v = load(x, xo + i);
      IntVector bits = v.reinterpretAsInts();
      IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
      FloatVector rounded = bits.add(0x7FFF).add(odd).and(~0xFFFF).reinterpretAsFloats();
      rounded.blend(v, v.test(VectorOperators.IS_NAN)).intoArray(y, yo + i);
    }
    for (; i < length; i++) {
      y[yo + i] = ScalarLinear.roundToBf16(x[xo + i]);
    }
  }

  /// To the nearest number of 11 significant bits, those of an F16, ties to even; NaNs stay NaNs.
  /// Like [ScalarLinear], bit for bit.
  static void roundToF16Digits(float[] x, int xo, float[] y, int yo, int length) {
    int i = 0;
    for (; i <= length - LENGTH; i += LENGTH) {
      FloatVector v = load(x, xo + i);
      IntVector bits = v.reinterpretAsInts();
      IntVector odd = bits.lanewise(VectorOperators.LSHR, 13).and(1);
      FloatVector rounded = bits.add(0xFFF).add(odd).and(~0x1FFF).reinterpretAsFloats();
      rounded.blend(v, v.test(VectorOperators.IS_NAN)).intoArray(y, yo + i);
    }
    for (; i < length; i++) {
      y[yo + i] = ScalarLinear.roundToF16Digits(x[xo + i]);
    }
  }

  static float max(float[] x, int xo, int length) {
    FloatVector max = FloatVector.broadcast(Lanes.F, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i <= length - LENGTH; i += LENGTH) {
      FloatVector v = load(x, xo + i);
      // Where v is not greater, or not a number, the maximum so far.
      max = v.blend(max, v.compare(VectorOperators.GT, max).not());
    }
    float result = max.reduceLanes(VectorOperators.MAX);
    for (; i < length; i++) {
      result = x[xo + i] > result ? x[xo + i] : result;
    }
    return result;
  }

  /// `y = exp(x - max)`; returns the sum.
  static float expAndSum(float max, float[] x, int xo, float[] y, int yo, int length) {
    FloatVector sum = FloatVector.zero(Lanes.F);
    int i = 0;
    for (; i <= length - LENGTH; i += LENGTH) {
      FloatVector e = Exp.exp(load(x, xo + i).sub(max));
      e.intoArray(y, yo + i);
      sum = e.add(sum);
    }
    if (i < length) {
      VectorMask<Float> rest = Lanes.rest(i, length);
      FloatVector e = Exp.exp(load(x, xo + i, rest).sub(max));
      e.intoArray(y, yo + i, rest);
      sum = sum.add(e, rest);
    }
    return Lanes.sum(sum);
  }

  static void softmax(float[] x, int xo, float[] y, int yo, int length) {
    float sum = expAndSum(max(x, xo, length), x, xo, y, yo, length);
    scale(1 / sum, y, yo, y, yo, length);
  }

  /// The first place of the maximum, found by a second look.
  static int argmax(float[] x, int xo, int length) {
    float max = max(x, xo, length);
    for (int i = 0; i < length; i++) {
      if (x[xo + i] == max) {
        return i;
      }
    }
    return 0;
  }

  static float sum(float[] x, int xo, int length) {
    FloatVector s0 = FloatVector.zero(Lanes.F);
    FloatVector s1 = s0;
    int i = 0;
    for (; i <= length - 2 * LENGTH; i += 2 * LENGTH) {
      s0 = load(x, xo + i).add(s0);
      s1 = load(x, xo + i + LENGTH).add(s1);
    }
    float sum = Lanes.sum(s0.add(s1));
    for (; i < length; i++) {
      sum += x[xo + i];
    }
    return sum;
  }

  static void mean(float[] x, int xo, int stride, int size, int cols, float[] y, int yo) {
    System.arraycopy(x, xo, y, yo, cols);
    for (int i = 0; i < size; i++) {
      for (int j = i == 0 ? 1 : 0; j < size; j++) {
        add(y, yo, x, xo + i * stride + j * cols, y, yo, cols);
      }
    }
    scale(1f / (size * size), y, yo, y, yo, cols);
  }
}
