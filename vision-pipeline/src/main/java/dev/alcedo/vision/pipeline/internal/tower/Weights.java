// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tower;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.Optional;

/// The tensors of an mmproj file as constants of a graph, shapes and dtypes checked. What a layer
/// is made of is said here once.
///
/// @param file where they lie
/// @param graph which they go into
public record Weights(ModelFile file, GraphBuilder graph) {
  /// `name.weight` `[out, in]`, and `name.bias` F32 `[out]` where the file has one.
  ///
  /// @param x `[rows, in]`
  /// @return `[rows, out]`
  /// @throws ModelFormatException if a tensor is missing or does not fit
  public Value linear(String name, Value x, int out) {
    Value weight = matrix(name + ".weight", out, x.shape().cols());
    return graph.matMul(x, weight, optionalVector(name + ".bias", out));
  }

  /// `name.weight` and `name.bias` F32 `[cols]`.
  ///
  /// @param x `[rows, cols]`
  /// @throws ModelFormatException if a tensor is missing or does not fit
  public Value layerNorm(String name, Value x, float eps) {
    int cols = x.shape().cols();
    return graph.layerNorm(x, vector(name + ".weight", cols), vector(name + ".bias", cols), eps);
  }

  /// A matrix of any dtype.
  public Value matrix(String name, int rows, int cols) {
    return graph.constant(name, file.tensor(name, rows, cols));
  }

  /// An F32 vector.
  public Value vector(String name, int length) {
    return graph.constant(name, f32(name, length));
  }

  /// An F32 vector, where there is one.
  public Optional<Value> optionalVector(String name, int length) {
    return file.find(name).map(_ -> vector(name, length));
  }

  /// An F32 matrix that is added, not multiplied.
  public Value addend(String name, int rows, int cols) {
    return graph.constant(name, f32(name, rows, cols));
  }

  /// A convolution's kernels `[out, channels, size, size]` as a matrix.
  ///
  /// @return `[out, channels * size * size]`
  public Value kernels(String name, int out, int channels, int size) {
    int cols = channels * size * size;
    TensorView view = file.tensor(name);
    if (view.shape().rank() == 2) {
      return matrix(name, out, cols);
    }
    view = file.tensor(name, out, channels, size, size);
    if (cols % view.dtype().blockLength() != 0) {
      throw new ModelFormatException(
          "%s: tensor '%s': rows of %d elements are no whole %s blocks"
              .formatted(file.metadata().source(), name, cols, view.dtype()));
    }
    return graph.constant(name, new TensorView(view.dtype(), Shape.of(out, cols), view.data()));
  }

  private TensorView f32(String name, int... dims) {
    TensorView view = file.tensor(name, dims);
    if (view.dtype() != DType.F32) {
      throw new ModelFormatException(
          "%s: tensor '%s': expected F32, got %s"
              .formatted(file.metadata().source(), name, view.dtype()));
    }
    return view;
  }
}
