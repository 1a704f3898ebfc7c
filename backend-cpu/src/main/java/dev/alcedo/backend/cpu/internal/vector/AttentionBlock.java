// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import static dev.alcedo.backend.cpu.internal.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// One query head against one block of keys and values.
///
/// [#scores] and [#mix] are longer than the 325 bytes of bytecode that the JIT inlines, and are to
/// stay so: all of attention in one compilation unit is over its limit for vector operations. The
/// allocation test notices.
final class AttentionBlock {
  /// Keys of a block.
  static final int LENGTH = 64;

  private AttentionBlock() {}

  /// Distance of keys, and of values, in a block: whole vectors. What is beyond `length` is zero.
  static int stride(int length) {
    return Math.ceilDiv(length, Lanes.LENGTH) * Lanes.LENGTH;
  }

  /// `scores[i] = scale * q . k[i]` for `i < keys`. Four keys at a time, so that q is loaded once
  /// for them and their sums do not wait for each other; up to three beyond `keys` are computed
  /// too.
  static void scores(
      float scale, float[] q, int qo, float[] k, int length, int keys, float[] scores, int so) {
    int stride = stride(length);
    for (int i = 0; i < keys; i += 4) {
      int k0 = i * stride;
      int k1 = k0 + stride;
      int k2 = k1 + stride;
      int k3 = k2 + stride;
      FloatVector s0 = FloatVector.zero(Lanes.F);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      int c = 0;
      for (; c <= length - Lanes.LENGTH; c += Lanes.LENGTH) {
        FloatVector x = load(q, qo + c);
        s0 = load(k, k0 + c).fma(x, s0);
        s1 = load(k, k1 + c).fma(x, s1);
        s2 = load(k, k2 + c).fma(x, s2);
        s3 = load(k, k3 + c).fma(x, s3);
      }
      if (c < length) {
        FloatVector x = load(q, qo + c, Lanes.rest(c, length));
        s0 = load(k, k0 + c).fma(x, s0);
        s1 = load(k, k1 + c).fma(x, s1);
        s2 = load(k, k2 + c).fma(x, s2);
        s3 = load(k, k3 + c).fma(x, s3);
      }
      scores[so + i] = scale * Lanes.sum(s0);
      scores[so + i + 1] = scale * Lanes.sum(s1);
      scores[so + i + 2] = scale * Lanes.sum(s2);
      scores[so + i + 3] = scale * Lanes.sum(s3);
    }
  }

  /// `scores = exp(scores - max)`; returns their sum.
  ///
  /// @param length whole vectors
  static float exponentials(float max, float[] scores, int so, int length) {
    FloatVector sum = FloatVector.zero(Lanes.F);
    for (int i = so; i < so + length; i += Lanes.LENGTH) {
      FloatVector e = Exp.exp(load(scores, i).sub(max));
      e.intoArray(scores, i);
      sum = e.add(sum);
    }
    return Lanes.sum(sum);
  }

  /// `y += sum of p[i] * v[i]` for `i < keys`. Four vectors of columns at a time, which share the
  /// broadcast probability.
  static void mix(float[] p, int po, int keys, float[] v, int length, float[] y, int yo) {
    int stride = stride(length);
    int c = 0;
    for (; c <= length - 4 * Lanes.LENGTH; c += 4 * Lanes.LENGTH) {
      FloatVector s0 = load(y, yo + c);
      FloatVector s1 = load(y, yo + c + Lanes.LENGTH);
      FloatVector s2 = load(y, yo + c + 2 * Lanes.LENGTH);
      FloatVector s3 = load(y, yo + c + 3 * Lanes.LENGTH);
      for (int i = 0; i < keys; i++) {
        FloatVector x = FloatVector.broadcast(Lanes.F, p[po + i]);
        int row = i * stride + c;
        s0 = load(v, row).fma(x, s0);
        s1 = load(v, row + Lanes.LENGTH).fma(x, s1);
        s2 = load(v, row + 2 * Lanes.LENGTH).fma(x, s2);
        s3 = load(v, row + 3 * Lanes.LENGTH).fma(x, s3);
      }
      s0.intoArray(y, yo + c);
      s1.intoArray(y, yo + c + Lanes.LENGTH);
      s2.intoArray(y, yo + c + 2 * Lanes.LENGTH);
      s3.intoArray(y, yo + c + 3 * Lanes.LENGTH);
    }
    for (; c <= length - Lanes.LENGTH; c += Lanes.LENGTH) {
      FloatVector s0 = load(y, yo + c);
      for (int i = 0; i < keys; i++) {
        s0 = load(v, i * stride + c).fma(FloatVector.broadcast(Lanes.F, p[po + i]), s0);
      }
      s0.intoArray(y, yo + c);
    }
    if (c < length) {
      VectorMask<Float> rest = Lanes.rest(c, length);
      FloatVector s0 = load(y, yo + c, rest);
      for (int i = 0; i < keys; i++) {
        s0 = load(v, i * stride + c).fma(FloatVector.broadcast(Lanes.F, p[po + i]), s0);
      }
      s0.intoArray(y, yo + c, rest);
    }
  }
}
