// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import org.jspecify.annotations.Nullable;

/// A valid model that Alcedo does not run: names the family, dtype, op, tokenizer or projector, and
/// lists those known.
public final class UnsupportedModelException extends VlmException {
  private static final long serialVersionUID = 1L;

  /// With a message for people.
  public UnsupportedModelException(String message) {
    this(message, null);
  }

  /// With a message for people and what led to it.
  public UnsupportedModelException(String message, @Nullable Throwable cause) {
    super("unsupported_model", message, cause);
  }
}
