// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.runtime.api.graph.Op;

/// Attention by BATCH_MATMUL, a mask and SOFTMAX. Query heads that share a key/value head are rows
/// of one matrix, so that nothing is repeated and no rank exceeds 4.
final class AttentionLowering {
  private final Emitter emit;

  AttentionLowering(Emitter emit) {
    this.emit = emit;
  }

  /// Over a window of a KV cache.
  ///
  /// @param q `[rows, headCount * headLength]`
  /// @param k `[headCountKv, window, headLength]`, as the cache has it
  /// @param v as k
  /// @param mask `[rows, window]`, added to the scores of all heads
  Tensor cached(Op.Attention op, Tensor q, Tensor k, Tensor v, Tensor mask) {
    int rows = q.dims()[0];
    int heads = op.headCount();
    int group = heads / op.headCountKv();
    Tensor byHead =
        emit.transpose(emit.reshape(scaled(op, q), rows, heads, op.headLength()), 1, 0, 2);
    Tensor grouped = emit.reshape(byHead, op.headCountKv(), group * rows, op.headLength());
    Tensor scores = emit.reshape(emit.batchMatMul(grouped, k, true), heads, rows, k.dims()[1]);
    Tensor weights = emit.softmax(emit.add(scores, mask));
    Tensor flat = emit.reshape(weights, op.headCountKv(), group * rows, k.dims()[1]);
    Tensor y = emit.reshape(emit.batchMatMul(flat, v, false), heads, rows, op.headLength());
    return emit.reshape(emit.transpose(y, 1, 0, 2), rows, heads * op.headLength());
  }

  /// Within `items` items.
  ///
  /// @param q `[items * rows, headCount * headLength]`
  /// @param k `[items * keys, headCountKv * headLength]`
  /// @param v as k
  /// @param mask `[items, 1, rows, keys]`, or empty
  Tensor within(Op.Attention op, int items, Tensor q, Tensor k, Tensor v, Tensor... mask) {
    int rows = q.dims()[0] / items;
    int keys = k.dims()[0] / items;
    int batch = items * op.headCountKv();
    int group = op.headCount() / op.headCountKv();
    Tensor queries = byHead(scaled(op, q), items, rows, op.headCount(), op.headLength());
    queries = emit.reshape(queries, batch, group * rows, op.headLength());
    Tensor allKeys = byHead(k, items, keys, op.headCountKv(), op.headLength());
    allKeys = emit.reshape(allKeys, batch, keys, op.headLength());
    Tensor values = byHead(v, items, keys, op.headCountKv(), op.headLength());
    values = emit.reshape(values, batch, keys, op.headLength());
    Tensor scores = emit.batchMatMul(queries, allKeys, true);
    if (mask.length > 0) {
      scores = emit.reshape(scores, items, op.headCount(), rows, keys);
      scores = emit.reshape(emit.add(scores, mask[0]), batch, group * rows, keys);
    }
    Tensor y = emit.batchMatMul(emit.softmax(scores), values, false);
    y = emit.reshape(y, items, op.headCount(), rows, op.headLength());
    y = emit.transpose(y, 0, 2, 1, 3);
    return emit.reshape(y, items * rows, op.headCount() * op.headLength());
  }

  /// Before the product rather than after it: scores of large heads overflow in F16.
  private Tensor scaled(Op.Attention op, Tensor q) {
    return emit.mul(q, emit.real(op.scale()));
  }

  private Tensor byHead(Tensor x, int items, int rows, int heads, int headLength) {
    return emit.transpose(emit.reshape(x, items, rows, heads, headLength), 0, 2, 1, 3);
  }
}
