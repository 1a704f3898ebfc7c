// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Puts a file's tensors into a graph as constants, checking their shapes.
record Weights(ModelFile file, GraphBuilder graph) {
  /// A matrix `[out, in]` of any dtype.
  Value matrix(String name, int out, int in) {
    return graph.constant(name, file.tensor(name, out, in));
  }

  /// An F32 vector.
  Value vector(String name, int length) {
    return graph.constant(name, vectorView(name, length));
  }

  private TensorView vectorView(String name, int length) {
    TensorView view = file.tensor(name, length);
    if (view.dtype() != DType.F32) {
      throw new ModelFormatException(
          "%s: tensor '%s': expected F32, as norms and biases are, got %s"
              .formatted(file.metadata().source(), name, view.dtype()));
    }
    return view;
  }

  /// An F32 vector, if the file has it.
  Optional<Value> optionalVector(String name, int length) {
    return file.find(name).map(_ -> vector(name, length));
  }

  /// Numbers that are computed rather than read.
  Value computed(String name, float[] values) {
    return graph.constant(name, TensorView.ofFloats(values, values.length));
  }

  /// The numbers of an F32 vector, if the file has it.
  Optional<float[]> optionalNumbers(String name, int length) {
    if (file.find(name).isEmpty()) {
      return Optional.empty();
    }
    MemorySegment data = vectorView(name, length).data();
    var values = new float[length];
    MemorySegment.copy(data, TensorView.F32_LE, 0, values, 0, length);
    return Optional.of(values);
  }
}
