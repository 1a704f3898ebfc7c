// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.Optional;

/// Puts a file's tensors into a graph as constants, checking their shapes.
record Weights(ModelFile file, GraphBuilder graph) {
  /// A matrix `[out, in]` of any dtype.
  Value matrix(String name, int out, int in) {
    return graph.constant(name, file.tensor(name, out, in));
  }

  /// An F32 vector.
  Value vector(String name, int length) {
    TensorView view = file.tensor(name, length);
    if (view.dtype() != DType.F32) {
      throw new ModelFormatException(
          "%s: tensor '%s': expected F32, as norms and biases are, got %s"
              .formatted(file.metadata().source(), name, view.dtype()));
    }
    return graph.constant(name, view);
  }

  /// An F32 vector, if the file has it.
  Optional<Value> optionalVector(String name, int length) {
    return file.find(name).map(_ -> vector(name, length));
  }
}
