// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.kernel;

import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
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

  /// Output columns that belong together: ranges given to [#matMul] start at multiples of it.
  int matMulGrain();

  /// Floats that the packed form of `[rows, k]` takes; 0 if these kernels need none.
  int packedLength(int rows, int k);

  /// Pieces in which `[rows, k]` is packed; 0 if they need not be.
  int packUnits(int rows, int k);

  /// Packs piece `unit` of x `[rows, k]`.
  void pack(float[] x, int rows, int k, int unit, float[] packed);

  /// `y = x` rounded to BF16, as [Op.MatMul] on BF16 weights wants its left operand.
  void roundToBf16(float[] x, int xOffset, float[] y, int yOffset, int length);

  /// Computes output columns `from..to-1` of the first `rows` rows.
  void matMul(MatMulTask task, int rows, int from, int to, Scratch scratch);

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
