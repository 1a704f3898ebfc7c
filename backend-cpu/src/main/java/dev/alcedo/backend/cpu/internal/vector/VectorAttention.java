// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.backend.cpu.internal.kernel.AttentionTask;
import dev.alcedo.backend.cpu.internal.kernel.Run;
import dev.alcedo.backend.cpu.internal.pool.Scratch;

/// Attention in pieces: the query rows, of all heads that share a key/value head, that are computed
/// together, so that each key and value is widened to floats once for all of them.
final class VectorAttention {
  /// Query rows times heads of a piece, about.
  private static final int HEAD_ROWS = 128;

  private VectorAttention() {}

  static int units(AttentionTask task, Run run) {
    int rows = run.itemCount() * task.rowsPerItem();
    return Math.ceilDiv(rows, rowCount(task)) * task.op().headCountKv();
  }

  private static int rowCount(AttentionTask task) {
    return Math.max(1, HEAD_ROWS / task.headsPerKv());
  }

  static void run(AttentionTask task, Run run, int from, int to, Scratch scratch) {
    AttentionPiece piece = scratch.object(AttentionPiece.class, AttentionPiece::new);
    int rows = run.itemCount() * task.rowsPerItem();
    for (int unit = from; unit < to; unit++) {
      int headKv = unit % task.op().headCountKv();
      int row = unit / task.op().headCountKv() * rowCount(task);
      int end = Math.min(row + rowCount(task), rows);
      while (row < end) {
        row = piece.begin(task, run, headKv, row, end);
        piece.compute(scratch);
      }
    }
  }
}
