// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import java.util.List;

/// What a model file says of itself: metadata and tensors without their memory.
///
/// @param fileBytes size of the file, of a split model of all parts
/// @param metadata key/value pairs
/// @param tensors in file order
public record ModelContents(long fileBytes, Metadata metadata, List<Tensor> tensors) {
  /// Copies the list.
  public ModelContents {
    tensors = List.copyOf(tensors);
  }

  /// One tensor.
  ///
  /// @param shape outermost dimension first
  public record Tensor(String name, DType dtype, Shape shape, long bytes) {}
}
