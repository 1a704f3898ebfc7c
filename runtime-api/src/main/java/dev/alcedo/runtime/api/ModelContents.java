// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import java.util.List;

/// What a model file says of itself: metadata and tensors without their memory, and what Alcedo
/// makes of it.
///
/// @param fileBytes size of the file, of a split model of all parts
/// @param metadata key/value pairs
/// @param tensors in file order; empty if their list cannot be read
/// @param parts what Alcedo makes of the file, e.g. its family and its tokenizer
public record ModelContents(
    long fileBytes, Metadata metadata, List<Tensor> tensors, List<Part> parts) {
  /// Copies the lists.
  public ModelContents {
    tensors = List.copyOf(tensors);
    parts = List.copyOf(parts);
  }

  /// What Alcedo makes of one part of a file.
  ///
  /// @param role which part: `family`, `context`, `kv cache`, `tokenizer`, `template`, `projector`,
  ///   `tower` or `tensors`
  /// @param text what it is, or why Alcedo cannot use it, for people
  /// @param isSupported whether Alcedo can use it
  public record Part(String role, String text, boolean isSupported) {}

  /// One tensor.
  ///
  /// @param shape outermost dimension first
  public record Tensor(String name, DType dtype, Shape shape, long bytes) {}
}
