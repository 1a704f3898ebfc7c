// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.kernel;

import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.backend.cpu.internal.pool.WorkerPool;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// One set of kernels: all arithmetic of the op set, a row (or another natural piece) at a time.
/// Arguments are valid; the machinery that calls has checked them. Any thread; no state.
///
/// Ranges are `array, offset, length`; inputs and outputs do not overlap.
public interface Kernels {
  /// What these kernels make use of, e.g. `vectors of 512 bits`.
  String feature();

  /// Whether weights of this type can be read.
  boolean readsWeights(DType dtype);

  /// Row `row` of a table, as floats.
  void readRow(TensorView table, int row, float[] y, int yOffset);

  // ---- linear layers ----

  /// Whether weights of this type are laid out anew before layers use them.
  boolean isPacked(DType dtype);

  /// A layer on a weight `[n, k]` of a type that is read where it is, in native memory.
  Linear linear(TensorView weight);

  /// Bytes of the packed form of a weight.
  long packedByteSize(TensorView weight);

  /// A layer on a weight of a type that is packed, which is read by this call only.
  ///
  /// @param arena owns the packed form
  Linear pack(TensorView weight, Arena arena, WorkerPool pool, Scratch scratch);

  /// A left operand of layers.
  Operand newOperand(Operand.Form form);

  // ---- attention ----

  /// Writes `count` elements to a KV cache plane of `dtype`, from element `index` on.
  void store(float[] x, int xOffset, MemorySegment plane, DType dtype, long index, int count);

  /// Independent pieces of an attention of this run.
  int attentionUnits(AttentionTask task, Run run);

  /// Computes pieces `from..to-1`. Keys and values of the run are in the cache already.
  void attention(AttentionTask task, Run run, int from, int to, Scratch scratch);

  // ---- rows ----

  /// `y = a + b`.
  void add(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length);

  /// `y = a * b`.
  void mul(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length);

  /// `y = factor * x`.
  void scale(float factor, float[] x, int xOffset, float[] y, int yOffset, int length);

  /// [Op.Silu].
  void silu(float[] x, int xOffset, float[] y, int yOffset, int length);

  /// [Op.Gelu].
  void gelu(Op.Gelu.Form form, float[] x, int xOffset, float[] y, int yOffset, int length);

  /// [Op.QuickGelu].
  void quickGelu(float[] x, int xOffset, float[] y, int yOffset, int length);

  /// [Op.Softmax] of one row.
  void softmax(float[] x, int xOffset, float[] y, int yOffset, int length);

  /// [Op.RmsNorm] of one group, as long as `weight`.
  void rmsNorm(float eps, float[] weight, float[] x, int xOffset, float[] y, int yOffset);

  /// [Op.LayerNorm] of one row, as long as `weight`.
  void layerNorm(
      float eps, float[] weight, float[] bias, float[] x, int xOffset, float[] y, int yOffset);

  /// [Op.Rope] of one row of all heads.
  ///
  /// @param turns from `turnOffset` on: the cosines of a head's `ropeLength` elements, then their
  ///   turns
  void rope(
      Op.Rope op, float[] turns, int turnOffset, float[] x, int xOffset, float[] y, int yOffset);

  /// Index of the first largest of a row's elements, from its start.
  int argmax(float[] x, int xOffset, int length);

  /// Mean of `size * size` rows of a patch grid: `size` runs of `size` rows of `cols` elements, the
  /// runs `stride` elements apart.
  void mean(float[] x, int xOffset, int stride, int size, int cols, float[] y, int yOffset);
}
