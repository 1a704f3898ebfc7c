// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import org.jspecify.annotations.Nullable;

/// Root of everything that Alcedo throws on purpose. Messages say what was done, expected and got,
/// where, and what to do. The code is stable across versions; front ends map it to status codes.
public abstract sealed class VlmException extends RuntimeException
    permits BackendException,
        BackendUnavailableException,
        CancelledException,
        InvalidRequestException,
        ModelFormatException,
        ResourceExhaustedException,
        UnsupportedModelException {
  private static final long serialVersionUID = 1L;

  private final String code;

  VlmException(String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /// Stable lower-case code of the kind of error, e.g. `model_format`.
  public final String code() {
    return code;
  }
}
