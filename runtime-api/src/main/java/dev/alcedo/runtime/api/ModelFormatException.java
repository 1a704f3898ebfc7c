// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import org.jspecify.annotations.Nullable;

/// A model file is broken or contradicts itself: names file, place, expected and got.
public final class ModelFormatException extends VlmException {
  private static final long serialVersionUID = 1L;

  /// With a message for people.
  public ModelFormatException(String message) {
    this(message, null);
  }

  /// With a message for people and what led to it.
  public ModelFormatException(String message, @Nullable Throwable cause) {
    super("model_format", message, cause);
  }
}
