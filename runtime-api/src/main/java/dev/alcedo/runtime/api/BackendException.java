// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import org.jspecify.annotations.Nullable;

/// A device failed: names the native call, its code and the symbolic name of the code.
public final class BackendException extends VlmException {
  private static final long serialVersionUID = 1L;

  /// With a message for people.
  public BackendException(String message) {
    this(message, null);
  }

  /// With a message for people and what led to it.
  public BackendException(String message, @Nullable Throwable cause) {
    super("backend", message, cause);
  }
}
