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

  /// A norm over rows: a layer norm has a bias too, the other none.
  ///
  /// @param x `[rows, cols]`
  /// @throws ModelFormatException if a tensor is missing or does not fit
  public Value norm(TowerStyle.Norm kind, String name, Value x, float eps) {
    return switch (kind) {
      case LAYER -> layerNorm(name, x, eps);
      case RMS -> graph.rmsNorm(x, vector(name + ".weight", x.shape().cols()), eps);
    };
  }

  /// A norm that has a weight only.
  ///
  /// @param x `[rows, cols]`
  /// @throws ModelFormatException if the tensor is missing or does not fit
  public Value plainNorm(TowerStyle.Norm kind, String name, Value x, float eps) {
    int cols = x.shape().cols();
    Value weight = vector(name + ".weight", cols);
    return switch (kind) {
      case LAYER -> graph.layerNorm(x, weight, zeros(cols), eps);
      case RMS -> graph.rmsNorm(x, weight, eps);
    };
  }

  /// `x` times the vector called `name`, column by column; `x` where there is none (layer scale).
  public Value scaled(String name, Value x) {
    return optionalVector(name, x.shape().cols()).map(v -> graph.mul(x, v)).orElse(x);
  }

  /// Whether there is a tensor called `name`.
  public boolean has(String name) {
    return file.find(name).isPresent();
  }

  /// The columns of the tensor called `name`, before anything else is known of it.
  ///
  /// @throws ModelFormatException if there is none
  public int cols(String name) {
    return file.tensor(name).shape().cols();
  }

  /// The rows of the tensor called `name`, before anything else is known of it.
  ///
  /// @throws ModelFormatException if there is none
  public int rows(String name) {
    return file.tensor(name).shape().dim(0);
  }

  /// The elements of the vector called `name`, before anything else is known of it.
  ///
  /// @throws ModelFormatException if there is none, or it is no vector
  public int length(String name) {
    Shape shape = file.tensor(name).shape();
    if (shape.rank() != 1) {
      throw new ModelFormatException(
          "%s: tensor '%s': expected a vector, got shape %s"
              .formatted(file.metadata().source(), name, shape));
    }
    return shape.cols();
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

  /// A matrix that is added, not multiplied: F32, or widened to that (LLaVA's first converter wrote
  /// F16).
  public Value addend(String name, int rows, int cols) {
    return graph.constant(name, Widened.of(file, name, rows, cols));
  }

  private Value zeros(int length) {
    return graph.constant("zeros." + length, TensorView.ofFloats(new float[length], length));
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
