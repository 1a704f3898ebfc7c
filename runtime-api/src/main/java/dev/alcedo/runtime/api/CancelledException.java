// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import org.jspecify.annotations.Nullable;

/// The work was stopped at the caller's request.
public final class CancelledException extends VlmException {
  private static final long serialVersionUID = 1L;

  /// With a message for people.
  public CancelledException(String message) {
    this(message, null);
  }

  /// With a message for people and what led to it.
  public CancelledException(String message, @Nullable Throwable cause) {
    super("cancelled", message, cause);
  }
}
