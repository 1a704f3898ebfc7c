// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.kernel;

import dev.alcedo.runtime.api.graph.Op;

/// One attention node over its buffers.
///
/// @param rowsPerItem rows of one item; 1 if causal
/// @param q `[rows, headCount * headLength]`
/// @param k `[rows, headCountKv * headLength]`
/// @param v like k
/// @param y like q
public record AttentionTask(
    Op.Attention op, int rowsPerItem, float[] q, float[] k, float[] v, float[] y) {
  /// Elements of a row of q and y.
  public int queryCols() {
    return op.headCount() * op.headLength();
  }

  /// Elements of a row of k and v.
  public int keyCols() {
    return op.headCountKv() * op.headLength();
  }

  /// The first cache position that a query at `position` sees.
  public int firstVisible(int position) {
    return op.window() > 0 ? Math.max(0, position - op.window() + 1) : 0;
  }
}
