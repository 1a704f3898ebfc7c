// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import static dev.alcedo.backend.cpu.internal.vector.Lanes.LENGTH;
import static dev.alcedo.backend.cpu.internal.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// One query head against one block of keys and values.
///
/// [#scores] and [#mix] are longer than the 325 bytes of bytecode that the JIT inlines, and are to
/// stay so: all of attention in one compilation unit is over its limit for vector operations. The
/// allocation test notices.
final class AttentionBlock {
  /// Keys of a block.
  static final int LENGTH_MAX = 64;

  private AttentionBlock() {}

  /// Distance of keys, and of values, in a block: whole vectors. What is beyond `length` is zero.
  static int stride(int length) {
    return Math.ceilDiv(length, LENGTH) * LENGTH;
  }

  /// `scores[i] = scale * q . k[i]` for `first <= i < last`, minus infinity elsewhere. Four keys at
  /// a time, so that q is loaded once for them and their sums do not wait for each other; keys up
  /// to three beyond `last` are read and forgotten.
  static void scores(
      float scale, float[] q, int qo, float[] k, int length, int first, int last, float[] scores) {
    int stride = stride(length);
    for (int i = first & -4; i < last; i += 4) {
      int k0 = i * stride;
      int k1 = k0 + stride;
      int k2 = k1 + stride;
      int k3 = k2 + stride;
      FloatVector s0 = FloatVector.zero(Lanes.F);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      int c = 0;
      for (; c <= length - LENGTH; c += LENGTH) {
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
      scores[i] = scale * s0.reduceLanes(VectorOperators.ADD);
      scores[i + 1] = scale * s1.reduceLanes(VectorOperators.ADD);
      scores[i + 2] = scale * s2.reduceLanes(VectorOperators.ADD);
      scores[i + 3] = scale * s3.reduceLanes(VectorOperators.ADD);
    }
    for (int i = 0; i < first; i++) {
      scores[i] = Float.NEGATIVE_INFINITY;
    }
    for (int i = last; i < LENGTH_MAX; i++) {
      scores[i] = Float.NEGATIVE_INFINITY;
    }
  }

  /// `scores = exp(scores - max)`, all [#LENGTH_MAX] of them; returns their sum.
  static float exponentials(float max, float[] scores) {
    FloatVector sum = FloatVector.zero(Lanes.F);
    for (int i = 0; i < LENGTH_MAX; i += LENGTH) {
      FloatVector e = Exp.exp(load(scores, i).sub(max));
      e.intoArray(scores, i);
      sum = sum.add(e);
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  /// `y = decay * y + sum of scores[i] * v[i]` for `first <= i < last`. Four vectors of columns at
  /// a time, which share the broadcast score.
  static void mix(
      float decay, float[] scores, float[] v, int length, int first, int last, float[] y, int yo) {
    int stride = stride(length);
    int c = 0;
    for (; c <= length - 4 * LENGTH; c += 4 * LENGTH) {
      FloatVector s0 = load(y, yo + c).mul(decay);
      FloatVector s1 = load(y, yo + c + LENGTH).mul(decay);
      FloatVector s2 = load(y, yo + c + 2 * LENGTH).mul(decay);
      FloatVector s3 = load(y, yo + c + 3 * LENGTH).mul(decay);
      for (int i = first; i < last; i++) {
        FloatVector p = FloatVector.broadcast(Lanes.F, scores[i]);
        int row = i * stride + c;
        s0 = load(v, row).fma(p, s0);
        s1 = load(v, row + LENGTH).fma(p, s1);
        s2 = load(v, row + 2 * LENGTH).fma(p, s2);
        s3 = load(v, row + 3 * LENGTH).fma(p, s3);
      }
      s0.intoArray(y, yo + c);
      s1.intoArray(y, yo + c + LENGTH);
      s2.intoArray(y, yo + c + 2 * LENGTH);
      s3.intoArray(y, yo + c + 3 * LENGTH);
    }
    for (; c <= length - LENGTH; c += LENGTH) {
      FloatVector s0 = load(y, yo + c).mul(decay);
      for (int i = first; i < last; i++) {
        s0 = load(v, i * stride + c).fma(FloatVector.broadcast(Lanes.F, scores[i]), s0);
      }
      s0.intoArray(y, yo + c);
    }
    if (c < length) {
      VectorMask<Float> rest = Lanes.rest(c, length);
      FloatVector s0 = load(y, yo + c, rest).mul(decay);
      for (int i = first; i < last; i++) {
        s0 = load(v, i * stride + c).fma(FloatVector.broadcast(Lanes.F, scores[i]), s0);
      }
      s0.intoArray(y, yo + c, rest);
    }
  }
}
