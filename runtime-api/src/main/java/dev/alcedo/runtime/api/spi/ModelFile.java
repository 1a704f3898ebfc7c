// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// An open model file: metadata and tensors over mapped memory. Whoever opened it closes it; tensor
/// memory is gone then. Readable by any thread.
public interface ModelFile extends AutoCloseable {
  /// Where it lies.
  Path path();

  /// Its key/value pairs.
  Metadata metadata();

  /// All tensors by name, in file order, shapes outermost first.
  Map<String, TensorView> tensors();

  /// The tensor called `name`, if there is one.
  default Optional<TensorView> find(String name) {
    return Optional.ofNullable(tensors().get(name));
  }

  /// The tensor called `name`.
  ///
  /// @throws ModelFormatException if there is none
  default TensorView tensor(String name) {
    return find(name)
        .orElseThrow(() ->
            new ModelFormatException(
                "%s: tensor '%s' is missing".formatted(metadata().source(), name)));
  }

  /// The tensor called `name`, which must have shape `dims`.
  ///
  /// @throws ModelFormatException if there is none, or its shape is another
  default TensorView tensor(String name, int... dims) {
    TensorView view = tensor(name);
    var expected = Shape.of(dims);
    if (!view.shape().equals(expected)) {
      throw new ModelFormatException(
          "%s: tensor '%s': expected shape %s, got %s"
              .formatted(metadata().source(), name, expected, view.shape()));
    }
    return view;
  }

  @Override
  void close();
}
