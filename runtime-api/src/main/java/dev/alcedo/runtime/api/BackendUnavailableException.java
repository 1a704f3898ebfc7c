// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import org.jspecify.annotations.Nullable;

/// A backend that was asked for cannot run here: carries its reason and remedy.
public final class BackendUnavailableException extends VlmException {
  private static final long serialVersionUID = 1L;

  /// With a message for people.
  public BackendUnavailableException(String message) {
    this(message, null);
  }

  /// With a message for people and what led to it.
  public BackendUnavailableException(String message, @Nullable Throwable cause) {
    super("backend_unavailable", message, cause);
  }
}
