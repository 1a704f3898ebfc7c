// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.QuantizeOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes a model file again with other element types.
///
/// @param input GGUF file
/// @param output where the new file goes
/// @param type e.g. `Q4_K_M`; this or `preset`
/// @param preset `bluelm`
/// @param tensorTypes types of the tensors whose names match
/// @param pure whether every weight gets the type; false if absent
/// @param requantize whether quantised weights may be quantised again; false if absent
/// @param overwrite whether a file at `output` may be replaced; false if absent
/// @param threads threads that encode; all processors if absent
/// @param replyTo where progress events go, if anybody wants them; also names the work for
///   `alcedo.cancel`
public record QuantizeRequest(
    @Nullable String input,
    @Nullable String output,
    @Nullable String type,
    @Nullable String preset,
    @Nullable List<TensorType> tensorTypes,
    @Nullable Boolean pure,
    @Nullable Boolean requantize,
    @Nullable Boolean overwrite,
    @Nullable Integer threads,
    @Nullable String replyTo) {
  /// A type for some tensors.
  ///
  /// @param pattern regular expression that is found in their names
  /// @param dtype e.g. `Q8_0`
  public record TensorType(@Nullable String pattern, @Nullable String dtype) {}

  /// What the engine is to do.
  ///
  /// @throws InvalidRequestException naming the field that is the matter
  public QuantizeOptions toOptions() {
    return new QuantizeOptions(
        path("input", input),
        path("output", output),
        Optional.ofNullable(type),
        Optional.ofNullable(preset),
        tensorTypes == null ? List.of() : tensorTypes.stream().map(QuantizeRequest::rule).toList(),
        Boolean.TRUE.equals(pure),
        Boolean.TRUE.equals(requantize),
        Boolean.TRUE.equals(overwrite),
        threads == null ? 0 : threads);
  }

  private static QuantizeOptions.TensorType rule(TensorType rule) {
    return new QuantizeOptions.TensorType(
        required("tensorTypes.pattern", rule.pattern()),
        required("tensorTypes.dtype", rule.dtype()));
  }

  private static Path path(String field, @Nullable String name) {
    try {
      return Path.of(required(field, name));
    } catch (InvalidPathException e) {
      throw new InvalidRequestException(
          "%s: '%s' is no file name: %s".formatted(field, name, e.getReason()), e);
    }
  }

  private static String required(String field, @Nullable String value) {
    if (value == null) {
      throw new InvalidRequestException(field + ": expected a value, got nothing");
    }
    return value;
  }
}
