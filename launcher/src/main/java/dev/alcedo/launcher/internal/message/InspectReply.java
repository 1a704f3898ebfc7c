// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import dev.alcedo.runtime.api.ModelInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a model file holds and what loading it would give.
///
/// @param files the model file, then the mmproj file if one was named
/// @param info what loading would give
/// @param problem why it would not load; then there is no `info`. An mmproj file alone has neither
public record InspectReply(
    List<FileEntry> files, @Nullable ModelInfo info, @Nullable String problem) {
  /// One file.
  ///
  /// @param file path
  /// @param fileBytes size
  /// @param parts what Alcedo makes of it
  /// @param types what its weights are made of, largest share first
  /// @param metadata key/value pairs in file order
  /// @param tensors in file order
  public record FileEntry(
      String file,
      long fileBytes,
      List<PartEntry> parts,
      List<TypeEntry> types,
      List<MetadataEntry> metadata,
      List<TensorEntry> tensors) {}

  /// What Alcedo makes of one part of a file.
  ///
  /// @param role e.g. `family`, `tokenizer` or `projector`
  /// @param text what it is, or why it cannot be used
  /// @param supported whether it can be used
  public record PartEntry(String role, String text, boolean supported) {}

  /// All tensors of one element type.
  ///
  /// @param dtype element type
  /// @param tensors how many
  /// @param bytes of them all
  /// @param share of the file's weights, 0 to 1
  public record TypeEntry(String dtype, int tensors, long bytes, double share) {}

  /// One key/value pair.
  ///
  /// @param key e.g. `llama.block_count`
  /// @param type `integer`, `number`, `boolean`, `string`, or one of them with `[]`
  /// @param value the value; of an array its first elements
  /// @param length of an array
  public record MetadataEntry(String key, String type, Object value, @Nullable Integer length) {}

  /// One tensor.
  ///
  /// @param name as in the file
  /// @param dtype element type
  /// @param shape outermost dimension first
  /// @param bytes size
  public record TensorEntry(String name, String dtype, List<Integer> shape, long bytes) {}
}
