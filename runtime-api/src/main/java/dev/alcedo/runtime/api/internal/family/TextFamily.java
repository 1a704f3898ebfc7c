// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.spi.ModelFile;

/// A family of decoders.
public interface TextFamily {
  /// `general.architecture` of its files.
  String architecture();

  /// Checks tensors and what keys the family has of its own, builds graphs over the mapped weights.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if keys or tensors are missing or do not
  ///   fit
  /// @throws dev.alcedo.runtime.api.UnsupportedModelException for a variant that is not built here
  TextModel read(ModelFile file, TextConfig config);
}
