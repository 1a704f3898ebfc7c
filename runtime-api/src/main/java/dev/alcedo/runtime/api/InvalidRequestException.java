// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import org.jspecify.annotations.Nullable;

/// A request that cannot be answered as it stands: names the field, the limit or the broken
/// picture.
public final class InvalidRequestException extends VlmException {
  private static final long serialVersionUID = 1L;

  /// With a message for people.
  public InvalidRequestException(String message) {
    this(message, null);
  }

  /// With a message for people and what led to it.
  public InvalidRequestException(String message, @Nullable Throwable cause) {
    super("invalid_request", message, cause);
  }
}
