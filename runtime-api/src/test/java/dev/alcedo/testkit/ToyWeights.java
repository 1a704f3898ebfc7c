// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.tensor.DType;
import java.util.Random;

/// Draws the weights of a toy model into a file. Matrices are scaled by their row length, so that
/// activations keep their size from block to block and logits are neither flat nor one-hot.
final class ToyWeights {
  private final TestGguf gguf;
  private final DType matrices;
  private final Random random;

  ToyWeights(TestGguf gguf, DType matrices, Random random) {
    this.gguf = gguf;
    this.matrices = matrices;
    this.random = random;
  }

  /// `[rows, cols]` in the matrix dtype, standard deviation `gain / sqrt(cols)`.
  void matrix(String name, int rows, int cols, double gain) {
    gguf.tensor(name, matrices, normal(rows * cols, 0, gain / Math.sqrt(cols)), rows, cols);
  }

  /// `[length]` F32 around `mean`.
  void vector(String name, int length, double mean) {
    gguf.tensor(name, DType.F32, normal(length, mean, 0.1), length);
  }

  /// `name.weight` and `name.bias` of a LayerNorm.
  void affine(String name, int length) {
    vector(name + ".weight", length, 1);
    vector(name + ".bias", length, 0);
  }

  /// `name.weight` `[out, in]` and `name.bias` `[out]`.
  void linear(String name, int out, int in, double gain) {
    matrix(name + ".weight", out, in, gain);
    vector(name + ".bias", out, 0);
  }

  /// Any shape in any dtype, around zero.
  void tensor(String name, DType dtype, double deviation, int... dims) {
    int count = 1;
    for (int dim : dims) {
      count *= dim;
    }
    gguf.tensor(name, dtype, normal(count, 0, deviation), dims);
  }

  private float[] normal(int count, double mean, double deviation) {
    var out = new float[count];
    for (int i = 0; i < count; i++) {
      out[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return out;
  }
}
