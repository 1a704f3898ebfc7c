// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import java.util.function.IntPredicate;

/// Attention by its formula, in double, one output element at a time: what scalar and vector
/// kernels are both measured against where rows do not see all keys.
///
/// @param headCount query heads
/// @param headCountKv key/value heads
/// @param headLength elements of a head
/// @param scale of the scores
record PlainAttention(int headCount, int headCountKv, int headLength, double scale) {
  int queryCols() {
    return headCount * headLength;
  }

  int keyCols() {
    return headCountKv * headLength;
  }

  /// Attends with row `row` of q to those of the rows `0..keyCount-1` of k and v that `isSeen`.
  void row(float[] q, int row, float[] k, float[] v, int keyCount, IntPredicate isSeen, float[] y) {
    for (int head = 0; head < headCount; head++) {
      int headKv = head * headCountKv / headCount;
      var weights = new double[keyCount];
      double sum = 0;
      for (int j = 0; j < keyCount; j++) {
        if (isSeen.test(j)) {
          double score = 0;
          for (int i = 0; i < headLength; i++) {
            score +=
                (double) q[row * queryCols() + head * headLength + i]
                    * k[j * keyCols() + headKv * headLength + i];
          }
          weights[j] = Math.exp(scale * score);
          sum += weights[j];
        }
      }
      for (int i = 0; i < headLength; i++) {
        double mean = 0;
        for (int j = 0; j < keyCount; j++) {
          mean += weights[j] / sum * v[j * keyCols() + headKv * headLength + i];
        }
        y[row * queryCols() + head * headLength + i] = (float) mean;
      }
    }
  }
}
