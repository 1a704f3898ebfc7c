// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.synth;

import dev.alcedo.runtime.api.internal.gguf.GgufWriter;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import java.util.function.LongConsumer;

/// Adds random tensors to a file. Matrices are scaled by their row length, so that activations keep
/// their size from block to block and logits are neither flat nor one-hot.
final class RandomWeights {
  private static final double VECTOR_DEVIATION = 0.1;

  private final GgufWriter file;
  private final long seed;
  private final LongConsumer onBytes;
  private long tensorCount;

  RandomWeights(GgufWriter file, long seed, LongConsumer onBytes) {
    this.file = file;
    this.seed = seed;
    this.onBytes = onBytes;
  }

  /// `[rows, cols]` of standard deviation `gain / sqrt(cols)`.
  void matrix(String name, DType dtype, int rows, int cols, double gain) {
    tensor(name, dtype, 0, gain / Math.sqrt(cols), rows, cols);
  }

  /// `[length]` F32 around `mean`.
  void vector(String name, int length, double mean) {
    tensor(name, DType.F32, mean, VECTOR_DEVIATION, length);
  }

  /// `name.weight` and `name.bias` of a LayerNorm.
  void affine(String name, int length) {
    vector(name + ".weight", length, 1);
    vector(name + ".bias", length, 0);
  }

  /// `name.weight` `[out, in]` and `name.bias` `[out]`.
  void linear(String name, DType dtype, int out, int in, double gain) {
    matrix(name + ".weight", dtype, out, in, gain);
    vector(name + ".bias", out, 0);
  }

  /// Any shape; quantised dtypes have mean 0.
  void tensor(String name, DType dtype, double mean, double deviation, int... dims) {
    Shape shape = Shape.of(dims);
    var data =
        new RandomTensor(
            dtype, dtype.bytes(shape.elementCount()), mean, deviation, tensorSeed(), onBytes);
    file.tensor(name, dtype, shape, data);
  }

  private long tensorSeed() {
    return SplitMix.of(seed, tensorCount++).next();
  }
}
