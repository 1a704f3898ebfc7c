// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import org.jspecify.annotations.Nullable;

/// Something does not fit: says what is needed and what is there, in bytes or positions.
public final class ResourceExhaustedException extends VlmException {
  private static final long serialVersionUID = 1L;

  /// With a message for people.
  public ResourceExhaustedException(String message) {
    this(message, null);
  }

  /// With a message for people and what led to it.
  public ResourceExhaustedException(String message, @Nullable Throwable cause) {
    super("resource_exhausted", message, cause);
  }
}
