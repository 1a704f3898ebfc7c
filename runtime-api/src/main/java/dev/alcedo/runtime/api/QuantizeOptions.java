// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Which model file to write again with other element types, and how.
///
/// @param input GGUF file, of a text model or an mmproj; any part of a split one
/// @param output where the new file goes, always one file
/// @param type what most weights become and which get more bits, e.g. `Q4_K_M`; names as
///   llama-quantize has them, in any case; this or `preset`
/// @param preset `bluelm`: 4 bits (`Q4_0`) for a text model, 8 (`Q8_0`) for an mmproj file, the mix
///   of BlueLM-V-3B
/// @param tensorTypes types of the tensors whose names match; the first match counts
/// @param isPure whether every weight gets the type, none more bits
/// @param isRequantizing whether weights that are quantised already may be quantised again
/// @param isOverwriting whether a file at `output` may be replaced
/// @param threadCount threads that encode; 0 takes all processors
public record QuantizeOptions(
    Path input,
    Path output,
    Optional<String> type,
    Optional<String> preset,
    List<TensorType> tensorTypes,
    boolean isPure,
    boolean isRequantizing,
    boolean isOverwriting,
    int threadCount) {
  /// Most threads that can be asked for.
  public static final int THREAD_COUNT_MAX = 1024;

  /// A type for some tensors.
  ///
  /// @param pattern regular expression that is found in their names
  /// @param dtype element type, e.g. `Q8_0`, in any case
  public record TensorType(String pattern, String dtype) {}

  /// Checks ranges, copies the list.
  ///
  /// @throws InvalidRequestException if there is neither or both of `type` and `preset`, or the
  ///   thread count is out of range
  public QuantizeOptions {
    tensorTypes = List.copyOf(tensorTypes);
    if (type.isPresent() == preset.isPresent()) {
      throw new InvalidRequestException(
          "type: expected either a type or a preset, got %s"
              .formatted(type.isPresent() ? "both" : "neither"));
    }
    if (threadCount < 0 || threadCount > THREAD_COUNT_MAX) {
      throw new InvalidRequestException(
          "threadCount: expected 0 to %d, got %d".formatted(THREAD_COUNT_MAX, threadCount));
    }
  }

  /// All weights of `input` as `type`, with the usual exceptions.
  public static QuantizeOptions of(Path input, Path output, String type) {
    return new QuantizeOptions(
        input, output, Optional.of(type), Optional.empty(), List.of(), false, false, false, 0);
  }
}
