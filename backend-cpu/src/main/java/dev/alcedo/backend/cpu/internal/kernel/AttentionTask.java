// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.kernel;

import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Bindings;
import org.jspecify.annotations.Nullable;

/// One attention node over its buffers.
///
/// @param rowsPerItem rows of q of one item; 1 if causal
/// @param keyRowsPerItem rows of k and v of one item; 1 if causal
/// @param q `[rows, headCount * headLength]`
/// @param k `[keyRows, headCountKv * headLength]`
/// @param v like k
/// @param segments `[rows]`, the number of the keys that a row sees; null if it sees all
/// @param y like q
public record AttentionTask(
    Op.Attention op,
    int rowsPerItem,
    int keyRowsPerItem,
    float[] q,
    float[] k,
    float[] v,
    int @Nullable [] segments,
    float[] y) {
  /// Elements of a row of q and y.
  public int queryCols() {
    return op.headCount() * op.headLength();
  }

  /// Elements of a row of k and v.
  public int keyCols() {
    return op.headCountKv() * op.headLength();
  }

  /// Query heads that share a key/value head.
  public int headsPerKv() {
    return op.headCount() / op.headCountKv();
  }

  /// The first cache position that a query at `position` sees.
  public int firstVisible(int position) {
    return op.window() > 0 ? Math.max(0, position - op.window() + 1) : 0;
  }

  /// Where the cache positions end that a query at `position` of `span` sees.
  public static int visibleEnd(Bindings.Span span, int position) {
    return span.isBidirectional() ? span.position() + span.itemCount() : position + 1;
  }

  /// Whether row `row` of the run sees key row `keyRow`, both of one item.
  public boolean isSeen(int row, int keyRow) {
    return segments == null || segments[row] == segments[keyRow];
  }
}
